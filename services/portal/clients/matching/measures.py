"""Measures of organisations, and consistent under-delivery."""

from __future__ import annotations

from libs.common.seams.matching.measures import CpliDelivery, DeliveryPage, MeasuresAndWholes, MeasuresPage
from services.portal.clients.service_client import ServiceClient


class MeasuresClient(ServiceClient):
    """A part of MatchingClient."""

    def measures(self, *, first: str, last: str, organisation: str | None) -> dict[str, MeasuresAndWholes]:
        """Measures over planned days by the organisation's name, of all that the caller may see for None.

        Asked page by page, so that no call lasts long. Raises Refused ``not_found``.
        """
        asked = {"first": first, "last": last, "organisation": organisation}
        page: MeasuresPage = self._ask("measures", **asked)
        found = dict(page["organisations"])
        while page["after"] is not None:
            page = self._ask("measures", **asked, after=page["after"])
            found |= page["organisations"]
        return dict(sorted(found.items()))

    def under_delivery(self, *, organisation: str | None) -> list[CpliDelivery]:
        """CPLIs of which less or more is delivered than commissioned. Raises Refused ``not_found``."""
        page: DeliveryPage = self._ask("under_delivery", organisation=organisation)
        found = list(page["items"])
        while page["after"] is not None:
            page = self._ask("under_delivery", organisation=organisation, after=page["after"])
            found += page["items"]
        return sorted(found, key=lambda one: (one["organisation"], one["cpli_id"]))
