"""Disputes in figures, the spans of KPIs, and meetings."""

from __future__ import annotations

from libs.common.seams.disputes.kpis import DisputeFigures, KpiSpans, RaisedCase
from libs.common.seams.disputes.meetings import Meeting
from services.portal.clients.payload_types import Day, Id
from services.portal.clients.service_client import ServiceClient


class KpisClient(ServiceClient):
    """A part of DisputesClient. organisation_id: the council names one; None is a provider's own."""

    def dispute_figures(self, *, organisation_id: Id | None, first: Day, last: Day) -> DisputeFigures:
        """What was raised on these days, days to answer, and what is open. Raises Refused ``not_found``."""
        return self._ask("dispute_figures", organisation_id=organisation_id, first=first, last=last)

    def raised_cases(
        self, *, organisation_id: Id | None, kind: str, first: Day, last: Day
    ) -> list[RaisedCase]:
        """The cases of a kind that these figures count. Raises Refused ``not_found``."""
        span = {"organisation_id": organisation_id, "first": first, "last": last}
        return self._ask("raised_cases", kind=kind, **span)

    def kpi_spans(self) -> KpiSpans:
        """How long spans are, and all that was ever set."""
        return self._ask("kpi_spans")

    def set_kpi_span(self, *, months: int, first_month: int) -> None:
        """Have spans be so long. Raises Refused ``not_allowed`` for a provider."""
        self._ask("set_kpi_span", months=months, first_month=first_month)

    def meetings(
        self, *, organisation_id: Id | None, first: Day | None = None, last: Day | None = None
    ) -> list[Meeting]:
        """A provider's meetings as far as the caller may see them, the newest first. Raises Refused ``not_found``."""
        return self._ask("meetings", organisation_id=organisation_id, first=first, last=last)

    def keep_meeting(
        self,
        *,
        meeting_id: Id,
        organisation_id: Id,
        held_on: Day,
        people: str,
        notes: str,
        agreed: str,
        is_shared: bool,
    ) -> Meeting:
        """Keep the notes of a meeting. Raises Refused ``not_allowed`` and ``not_yet``."""
        said = {"people": people, "notes": notes, "agreed": agreed, "is_shared": is_shared}
        about = {"meeting_id": meeting_id, "organisation_id": organisation_id, "held_on": held_on}
        return self._ask("keep_meeting", **about, **said)

    def share_meeting(self, *, meeting_id: Id) -> Meeting:
        """Let the provider see the notes of a meeting. Raises Refused ``not_allowed`` and ``not_found``."""
        return self._ask("share_meeting", meeting_id=meeting_id)
