"""Visits of one carer that overlap, and by what limits."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.ingest.overlaps import Overlap, OverlapLimitSet
from services.portal.clients.service_client import ServiceClient


class OverlapsClient(ServiceClient):
    """A part of IngestClient."""

    def overlapping_visits(
        self,
        *,
        organisation: str | None,
        carer: str | None,
        where: str | None,
        is_left_running: bool,
        first: str,
        last: str,
        after: Sequence[str | int] | None,
        limit: int,
    ) -> list[Overlap]:
        """A page of pairs of visits that one carer delivered at the same time, on the days of a week at most.

        where: ``within`` an organisation or ``across`` them. is_left_running: only those of which the first visit looks
        so. after: the ``place`` of the last pair of the page before.
        """
        facts = {"organisation": organisation, "carer": carer, "where": where}
        facts_of_pair = {**facts, "is_left_running": is_left_running}
        return self._ask(
            "overlapping_visits", first=first, last=last, after=after, limit=limit, **facts_of_pair
        )

    def overlap_limits(self) -> list[OverlapLimitSet]:
        """All limits that were ever set, the newest first. Raises Refused ``not_allowed``."""
        return self._ask("overlap_limits")

    def overlap_limits_of_day(self, *, day: str) -> dict[str, int]:
        """The limits that hold for what is delivered on a day, in whole minutes by name."""
        return self._ask("overlap_limits_of_day", day=day)

    def set_overlap_limit(self, *, name: str, effective_from: str, value: int) -> None:
        """Have a limit hold for what is delivered from a day on. Raises Refused ``not_allowed``."""
        self._ask("set_overlap_limit", name=name, effective_from=effective_from, value=value)
