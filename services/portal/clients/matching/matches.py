"""Visits, matched or not."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.expected import ExpectedWeek
from libs.common.seams.matching.matches import (
    MatchedWeek,
    NotMatched,
    UnmatchedCounts,
    UnmatchedMatch,
    UnmatchedMoney,
    UnmatchedWorth,
    VisitMatch,
    VisitOutcome,
    VisitOutcomes,
    WeekOfVisits,
)
from services.portal.clients.service_client import ServiceClient

Ref = tuple[str, str]
"""(organisation id, VisitRef)"""
Before = tuple[str, str, str]
"""(planned day, organisation id, VisitRef)"""


class MatchesClient(ServiceClient):
    """A part of MatchingClient."""

    def visit_matches(self, *, refs: Sequence[Ref]) -> list[VisitMatch]:
        """The matches of these visits, of a thousand at most."""
        return [VisitMatch(*row) for row in self._ask("visit_matches", refs=refs)]

    def visit_outcomes(self, *, organisation_id: str, refs: Sequence[str]) -> VisitOutcomes:
        """What became of these visits of an organisation, of ten thousand at most."""
        found: VisitOutcomes = self._ask("visit_outcomes", organisation_id=organisation_id, refs=refs)
        return {
            **found,
            "weeks": [WeekOfVisits(*week) for week in found["weeks"]],
            "not_matched": [NotMatched(*visit) for visit in found["not_matched"]],
        }

    def outcomes_of_visits(self, *, organisation_id: str, refs: Sequence[str]) -> list[VisitOutcome]:
        """The same visit by visit, in this order."""
        found = self._ask("outcomes_of_visits", organisation_id=organisation_id, refs=refs)
        return [VisitOutcome(*one) for one in found]

    def matched_weeks(self, *, refs: Sequence[Ref]) -> list[MatchedWeek]:
        """The weeks of those of these visits, a thousand at most, that have a match."""
        return [MatchedWeek(*row) for row in self._ask("matched_weeks", refs=refs)]

    def unmatched_visits(
        self,
        *,
        organisation: str | None,
        week: str | None,
        clients: Sequence[str] | None,
        service_name: str | None,
        service_level: str | None,
        visit_type: str | None,
        after: Ref,
        limit: int,
    ) -> list[VisitMatch]:
        """A page of visits that have no match, after one of them. Raises Refused ``not_found``."""
        rows = self._ask(
            "unmatched_visits",
            organisation=organisation,
            week=week,
            clients=clients,
            service_name=service_name,
            service_level=service_level,
            visit_type=visit_type,
            after_organisation=after[0],
            after_ref=after[1],
            limit=limit,
        )
        return [VisitMatch(*row) for row in rows]

    def newest_unmatched(
        self, *, organisation: str | None, reason: str | None, before: Before | None, limit: int
    ) -> list[UnmatchedMatch]:
        """A page of visits that have no match, the latest planned first. Raises Refused ``not_found``."""
        facts = {"organisation": organisation, "reason": reason, "before": before, "limit": limit}
        return [UnmatchedMatch(*row) for row in self._ask("newest_unmatched", **facts)]

    def unmatched_counts(self, *, organisation: str | None, reason: str | None) -> UnmatchedCounts:
        """How many visits have no match, by reason and by organisation. Raises Refused ``not_found``."""
        return self._ask("unmatched_counts", organisation=organisation, reason=reason)

    def expected_weeks(self, *, first: str, last: str, contracts: Sequence[str] | None) -> list[ExpectedWeek]:
        """The weeks in which organisations have care that is paid from visits, under these contracts (None: any)."""
        found = self._ask("expected_weeks", first=first, last=last, contracts=contracts)
        return [ExpectedWeek(*row) for row in found]

    def unmatched_worth(self, *, refs: Sequence[tuple[str, str]]) -> list[UnmatchedWorth]:
        """About what those of these (organisation id, VisitRef) that have no match would come to; a thousand at most."""
        return [UnmatchedWorth(*row) for row in self._ask("unmatched_worth", refs=refs)]

    def unmatched_money(self, *, first: str, last: str) -> dict[str, UnmatchedMoney]:
        """What visits without a match, planned between two days, would come to, by organisation id."""
        return self._ask("unmatched_money", first=first, last=last)
