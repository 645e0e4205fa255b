"""Care package line items."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.line_items import (
    CareChoices,
    ContractedService,
    ExportPage,
    LineItem,
    LineItemDetails,
)
from services.portal.clients.service_client import ServiceClient


class LineItemsClient(ServiceClient):
    """A part of MatchingClient."""

    def line_items(
        self,
        *,
        organisation: str | None = None,
        clients: Sequence[str] | None = None,
        service_name: str | None = None,
        service_level: str | None = None,
        is_historical: bool = True,
        after: int = -1,
        limit: int,
    ) -> list[LineItem]:
        """A page of line items, by CpliId; ended ones only when ``is_historical``. ``clients``: any identifiers."""
        return self._ask(
            "line_items",
            organisation=organisation,
            clients=clients,
            service_name=service_name,
            service_level=service_level,
            is_historical=is_historical,
            after=after,
            limit=limit,
        )

    def line_item(self, *, cpli_id: int) -> LineItemDetails:
        """One line item with its weeks and, for the council, its history. Raises Refused ``not_found``."""
        return self._ask("line_item", cpli_id=cpli_id)

    def care_choices(self, *, organisation: str | None = None) -> CareChoices:
        """The services and service levels by which line items can be chosen."""
        return self._ask("care_choices", organisation=organisation)

    def contracted_services(self, *, organisation: str | None, limit: int) -> list[ContractedService]:
        """The services of an organisation, by contract. Raises Refused ``not_found`` and ``organisation_wanted``."""
        return self._ask("contracted_services", organisation=organisation, limit=limit)

    def commissioned_care(self, *, organisation: str | None, after: int, limit: int) -> ExportPage:
        """A page of the Commissioned Care Export. Raises Refused ``not_found``."""
        return self._ask("commissioned_care", organisation=organisation, after=after, limit=limit)
