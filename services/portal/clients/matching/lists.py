"""The lists that the council changes."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.lists import ServiceLevel, ServiceLevelSaved, VisitType
from libs.common.seams.proposals import Proposed
from services.portal.clients.service_client import ServiceClient


class ListsClient(ServiceClient):
    """A part of MatchingClient."""

    def reference_version(self) -> int:
        """The newest version of the council's lists that was said."""
        return self._ask("reference_version")

    def service_levels(self) -> list[ServiceLevel]:
        """The council's list of service levels."""
        return self._ask("service_levels")

    def save_service_level(
        self, *, key: str | None, name: str, ref: str | None, requires_visits: bool, aliases: Sequence[str]
    ) -> ServiceLevelSaved:
        """Change the service level of this key, or add one for None.

        Raises Refused ``not_found``, ``in_flight`` and, with the field that it is about, ``service_level_wrong``.
        """
        facts = {"name": name, "ref": ref, "requires_visits": requires_visits, "aliases": aliases}
        return self._ask("save_service_level", key=key, **facts)

    def visit_types(self) -> list[VisitType]:
        """The table of visit types as it is today, with its changes."""
        return self._ask("visit_types")

    def propose_visit_type(
        self, *, ref: str, effective_from: str, paid: bool, charged: bool, basis: str
    ) -> Proposed:
        """Ask a second person to have a visit type paid and charged, or not, from a planned date on.

        Raises Refused ``not_found`` and, with the field that it is about, ``visit_type_wrong``.
        """
        facts = {"paid": paid, "charged": charged, "basis": basis}
        return self._ask("propose_visit_type", ref=ref, effective_from=effective_from, **facts)
