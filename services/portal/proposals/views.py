"""Proposals of all services, as the council sees and decides them (RULES 8): who wants what, and what it would change.

Payments and matching keep their own by the same steps (`libs.common.proposals.steps`); payments works out the money of all.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

from libs.common.errors import Refused
from libs.common.seams.payments.effects import Effect
from libs.common.seams.proposals import ProposalDocument
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.clients.proposals import ProposalsClient
from services.portal.proposals.words import WITHOUT_MONEY

MOST_SHOWN: Final = 50
NO_EFFECT: Final[Effect] = {
    "organisations": [],
    "in_all": {"before": "0.00", "after": "0.00", "posted_back": "0.00"},
}
Place = tuple[dt.datetime, uuid.UUID]
"""When a proposal was made, and its id."""


class ProposalSeen(ProposalDocument):
    """A proposal with what it would change in money, None while that is being worked out."""

    effect: Effect | None


@dataclass(frozen=True)
class Proposals:
    """Proposals as one caller may see them."""

    payments: PaymentsClient
    matching: MatchingClient
    gateway: Gateway

    def page(
        self, before: Place | None = None, limit: int = MOST_SHOWN
    ) -> tuple[list[ProposalDocument], ProposalDocument | None]:
        """Those that wait, then the newest; and the last of them where there are more before it.

        Raises Refused ``not_allowed``.
        """
        place = (before[0].isoformat(), str(before[1])) if before else None
        of_payments, of_matching = self.gateway.both(
            lambda: self.payments.proposals(before=place, limit=limit + 1),
            lambda: self.matching.proposals(before=place, limit=limit + 1),
        )
        found = sorted(of_payments + of_matching, key=_place, reverse=True)
        shown = found[:limit]
        is_more = len(found) > limit and shown[-1]["state"] != "waiting"
        return shown, shown[-1] if is_more else None

    def find(self, proposal_id: str) -> ProposalSeen:
        """A proposal with its effect. Raises Refused ``not_allowed``, ``not_found``."""
        _, found = self._find(proposal_id)
        if found["kind"] in WITHOUT_MONEY:
            return {**found, "effect": NO_EFFECT}
        return {**found, "effect": self.payments.effect(proposal_id=proposal_id)}

    def decide(self, proposal_id: str, *, approves: bool, reason: str = "") -> None:
        """Approve or refuse it. Raises Refused as `libs.common.proposals.steps.decide` does."""
        keeper, _ = self._find(proposal_id)
        keeper.decide_proposal(proposal_id=proposal_id, approves=approves, reason=reason)

    def _find(self, proposal_id: str) -> tuple[ProposalsClient, ProposalDocument]:
        """A proposal, and the service that keeps it."""
        try:
            return self.payments, self.payments.proposal(proposal_id=proposal_id)
        except Refused as refused:
            if refused.code != "not_found":
                raise
        return self.matching, self.matching.proposal(proposal_id=proposal_id)


def _place(row: ProposalDocument) -> tuple[bool, dt.datetime, str]:
    """Where a proposal stands: the last ones come first."""
    return row["state"] == "waiting", dt.datetime.fromisoformat(row["proposed_at"]), row["proposal_id"]
