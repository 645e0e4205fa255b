"""What overlaps put at stake, and clients with more carers at once than the plan wants."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.monitoring.overlaps import CrowdsPage, PairAsked, Stake
from services.portal.clients.service_client import ServiceClient


class OverlapsClient(ServiceClient):
    """A part of MatchingClient."""

    def overlap_stakes(self, *, pairs: Sequence[PairAsked]) -> list[Stake | None]:
        """What each of these pairs of visits puts at stake; None where neither is paid by the hour."""
        return self._ask("overlap_stakes", pairs=pairs)

    def more_carers(
        self,
        *,
        organisation: str | None,
        client: str | None,
        first: str,
        last: str,
        after: Sequence[str | int] | None,
        limit: int,
    ) -> CrowdsPage:
        """A page of clients with more carers at once than the plan wants. Raises Refused ``not_found``."""
        days = {"first": first, "last": last}
        return self._ask(
            "more_carers", organisation=organisation, client=client, **days, after=after, limit=limit
        )
