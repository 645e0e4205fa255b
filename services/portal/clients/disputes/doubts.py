"""Doubts of a week's data, and samples; for the council alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.seams.disputes.doubts import (
    DismissedDoubts,
    Doubt,
    DoubtedVisit,
    DoubtGroup,
    DoubtWeek,
    ListedSample,
    LookedAtWeek,
    RaisedDoubts,
    Sample,
)
from libs.common.seams.matching.samples import SampledWeek
from services.portal.clients.payload_types import Day, Id
from services.portal.clients.service_client import ServiceClient


class DoubtsClient(ServiceClient):
    """A part of DisputesClient. Every method raises Refused ``not_found`` for a provider."""

    def doubts(
        self,
        *,
        limit: int,
        week: Day | None = None,
        sample_id: Id | None = None,
        organisation_id: str | None = None,
        kind: str | None = None,
        states: Sequence[str] | None = None,
        after: Id | None = None,
        group_ids: Sequence[str] | None = None,
    ) -> list[Doubt]:
        """A page of doubts of a week, of groups of it, or of a sample, a provider's and a client's together."""
        return self._ask(
            "doubts",
            limit=limit,
            week=week,
            sample_id=sample_id,
            organisation_id=organisation_id,
            kind=kind,
            states=states,
            after=after,
            group_ids=group_ids,
        )

    def doubt_groups(
        self,
        *,
        week: Day,
        states: Sequence[str],
        limit: int,
        organisation_id: str | None = None,
        kind: str | None = None,
        after: Sequence[str | int] | None = None,
    ) -> list[DoubtGroup]:
        """A page of a week's doubts, put together, the largest group first."""
        return self._ask(
            "doubt_groups",
            week=week,
            states=states,
            limit=limit,
            organisation_id=organisation_id,
            kind=kind,
            after=after,
        )

    def doubts_chosen(self, *, doubt_ids: Sequence[str]) -> list[Doubt]:
        """These doubts, in the order of a page; unknown ones are left out."""
        return self._ask("doubts_chosen", doubt_ids=doubt_ids)

    def doubt_week(
        self, *, monday: Day, organisation_id: str | None = None, kind: str | None = None
    ) -> DoubtWeek:
        """How a week stands."""
        return self._ask("doubt_week", monday=monday, organisation_id=organisation_id, kind=kind)

    def newest_doubt_week(self) -> str:
        """The Monday of the week at which the worklist opens."""
        return self._ask("newest_doubt_week")

    def doubt_weeks(self) -> list[LookedAtWeek]:
        """The newest weeks that were looked at."""
        return self._ask("doubt_weeks")

    def look_at_week(self, *, monday: Day) -> str:
        """Have a week looked at; the cause of all that follows."""
        return self._ask("look_at_week", monday=monday)

    def dismiss_doubts(self, *, doubt_ids: Sequence[str], why: str) -> DismissedDoubts:
        """Dismiss doubts for good."""
        return self._ask("dismiss_doubts", doubt_ids=doubt_ids, why=why)

    def raise_doubts(
        self,
        *,
        seed: Id,
        doubt_ids: Sequence[str],
        words: Mapping[str, str],
        visits: Sequence[DoubtedVisit],
    ) -> RaisedDoubts:
        """Raise doubts as disputes; ``words`` by type of dispute. The ids of disputes follow from the seed."""
        return self._ask("raise_doubts", seed=seed, doubt_ids=doubt_ids, words=words, visits=visits)

    def keep_sample(
        self,
        *,
        sample_id: Id,
        monday: Day,
        organisation_id: str | None,
        way: str,
        size: int,
        seed: str,
        out_of: int,
        rows: Sequence[SampledWeek],
    ) -> None:
        """Keep a sample that was picked."""
        how = {"way": way, "size": size, "seed": seed, "out_of": out_of}
        about = {"sample_id": sample_id, "monday": monday, "organisation_id": organisation_id}
        self._ask("keep_sample", **about, **how, rows=rows)

    def sample(self, *, sample_id: Id) -> Sample:
        """How a sample was picked and how it stands."""
        return self._ask("sample", sample_id=sample_id)

    def samples(self, *, monday: Day) -> list[ListedSample]:
        """The samples of a week, the newest first."""
        return self._ask("samples", monday=monday)
