"""Measures of organisations, and consistent under-delivery."""

from __future__ import annotations

from collections.abc import Mapping

from libs.common.seams.matching.monitoring.measures import (
    AreaMeasures,
    CpliDelivery,
    DeliveryPage,
    MeasuredPage,
    MeasuresAndWholes,
    MeasuresPage,
    MeasureThreshold,
    OneDiary,
    TriedMeasures,
    TriedPage,
)
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

    def area_measures(self, *, first: str, last: str) -> AreaMeasures:
        """Measures over planned days of all organisations together, whoever asks."""
        found: AreaMeasures = self._ask("area_measures", first=first, last=last)
        return found

    def under_delivery(self, *, organisation: str | None) -> list[CpliDelivery]:
        """CPLIs of which less or more is delivered than commissioned. Raises Refused ``not_found``."""
        page: DeliveryPage = self._ask("under_delivery", organisation=organisation)
        found = list(page["items"])
        while page["after"] is not None:
            page = self._ask("under_delivery", organisation=organisation, after=page["after"])
            found += page["items"]
        return sorted(found, key=lambda one: (one["organisation"], one["cpli_id"]))

    def measured_visits(
        self,
        *,
        organisation: str | None,
        first: str,
        last: str,
        measure: str,
        is_rest: bool = False,
        after: str | None = None,
    ) -> MeasuredPage:
        """A page of what made a measure of an organisation; a provider's own for None. Raises Refused ``not_found``."""
        return self._ask(
            "measured_visits",
            organisation=organisation,
            first=first,
            last=last,
            measure=measure,
            is_rest=is_rest,
            after=after,
        )

    def measure_thresholds(self) -> list[MeasureThreshold]:
        """What holds of each threshold, and all that was set; a provider is told what holds."""
        return self._ask("measure_thresholds")

    def set_measure_threshold(self, *, name: str, effective_from: str, value: int) -> None:
        """Have a threshold hold from a planned day on. Raises Refused ``not_allowed`` for a provider."""
        self._ask("set_measure_threshold", name=name, effective_from=effective_from, value=value)

    def try_thresholds(
        self, *, organisation: str | None, first: str, last: str, values: Mapping[str, int]
    ) -> dict[str, TriedMeasures]:
        """Measures by what holds and by these values, by the organisation's name. Raises Refused ``not_found``."""
        asked = {"organisation": organisation, "first": first, "last": last, "values": dict(values)}
        page: TriedPage = self._ask("try_thresholds", **asked)
        found = dict(page["organisations"])
        while page["after"] is not None:
            page = self._ask("try_thresholds", **asked, after=page["after"])
            found |= page["organisations"]
        return dict(sorted(found.items()))

    def one_diaries(self) -> list[OneDiary]:
        """What was said to be monitored by total hours, or not to be. Raises Refused ``not_allowed``."""
        return self._ask("one_diaries")

    def set_one_diary(
        self, *, is_one_diary: bool, contract: str | None = None, cpli_id: int | None = None
    ) -> None:
        """Monitor a contract, or a line item, by total hours or not. Raises Refused ``not_allowed``, ``not_found``."""
        self._ask("set_one_diary", contract=contract, cpli_id=cpli_id, is_one_diary=is_one_diary)
