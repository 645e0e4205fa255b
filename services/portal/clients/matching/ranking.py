"""Ranked lists, their rankings, frozen ones and appeals."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.monitoring.ranking import (
    Appeal,
    FrozenRanking,
    ListedRankedList,
    NewestRanking,
    OwnPlace,
    OwnPlaceExplained,
    RankedList,
    Ranking,
    RankingFound,
    TermsFound,
    WeighedMeasure,
)
from libs.common.seams.proposals import Proposed
from services.portal.clients.payload_types import Id
from services.portal.clients.service_client import ServiceClient


class RankingClient(ServiceClient):
    """A part of MatchingClient. What is not a provider's own is the council's alone."""

    def ranked_lists(self, *, quarter: str) -> list[ListedRankedList]:
        """Every list as it stands in a quarter."""
        return self._ask("ranked_lists", quarter=quarter)

    def ranked_list(self, *, list_id: Id, quarter: str) -> RankedList:
        """A list in a quarter with its history. Raises Refused ``not_found``."""
        return self._ask("ranked_list", list_id=list_id, quarter=quarter)

    def make_ranked_list(self, *, list_id: Id, name: str) -> None:
        """Begin a list; one id is one list. Raises Refused ``name_taken``."""
        self._ask("make_ranked_list", list_id=list_id, name=name)

    def set_ranked_price(self, *, list_id: Id, organisation: str, quarter: str, price: str | None) -> None:
        """Put a provider on a list at a price from a quarter on, or take it off. Raises Refused ``not_found``."""
        self._ask(
            "set_ranked_price", list_id=list_id, organisation=organisation, quarter=quarter, price=price
        )

    def ranking_terms(self, *, quarter: str) -> TermsFound:
        """By what lists are ranked that have no terms of their own."""
        return self._ask("ranking_terms", quarter=quarter)

    def set_ranking_terms(
        self, *, list_id: Id | None, quarter: str, quality_share: str, measures: Sequence[WeighedMeasure]
    ) -> None:
        """Have a list, or all of them, be ranked by these from a quarter on. Raises Refused ``terms_wrong``."""
        self._ask(
            "set_ranking_terms",
            list_id=list_id,
            quarter=quarter,
            quality_share=quality_share,
            measures=measures,
        )

    def ranking(
        self, *, quarter: str, list_id: Id | None = None, list_name: str | None = None, is_now: bool = False
    ) -> RankingFound:
        """What is frozen of a list and quarter, else (or for ``is_now``) what it would be now. Raises ``not_found``."""
        return self._ask("ranking", list_id=list_id, list_name=list_name, quarter=quarter, is_now=is_now)

    def propose_ranking(self, *, list_id: Id, quarter: str, seen: str | None) -> Proposed:
        """Ask a second person to freeze it as it stands. Raises Refused ``seen_another``, ``nobody_on_it``."""
        return self._ask("propose_ranking", list_id=list_id, quarter=quarter, seen=seen)

    def proposed_ranking(self, *, proposal_id: Id) -> Ranking:
        """The ranking that a proposal would freeze, word for word. Raises Refused ``not_found``."""
        return self._ask("proposed_ranking", proposal_id=proposal_id)

    def frozen_ranking(self, *, ranking_id: Id) -> FrozenRanking:
        """A frozen ranking with the appeals against it. Raises Refused ``not_found``."""
        return self._ask("frozen_ranking", ranking_id=ranking_id)

    def newest_ranking(self, *, list_id: Id) -> NewestRanking:
        """The order that requisitions of a list go down now. Raises Refused ``nothing_frozen``."""
        return self._ask("newest_ranking", list_id=list_id)

    def ranking_places(self) -> list[OwnPlace]:
        """A provider's own places, the newest quarter first."""
        return self._ask("ranking_places")

    def ranking_place(self, *, ranking_id: Id) -> OwnPlaceExplained:
        """A provider's own place with what led to it. Raises Refused ``not_found``."""
        return self._ask("ranking_place", ranking_id=ranking_id)

    def appeal_ranking(self, *, appeal_id: Id, ranking_id: Id, note: str) -> Appeal:
        """Appeal against one's own place; one id is one appeal. Raises Refused ``wrong_state``."""
        return self._ask("appeal_ranking", appeal_id=appeal_id, ranking_id=ranking_id, note=note)

    def answer_ranking_appeal(self, *, appeal_id: Id, is_upheld: bool, reason: str) -> Appeal:
        """Uphold or dismiss an appeal. Raises Refused ``wrong_state``."""
        return self._ask("answer_ranking_appeal", appeal_id=appeal_id, is_upheld=is_upheld, reason=reason)

    def ranking_appeals(self) -> list[Appeal]:
        """All appeals, those that wait first."""
        return self._ask("ranking_appeals")
