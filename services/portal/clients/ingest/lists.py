"""Lists of visits."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.ingest.visits import FoundVisit, Visit, VisitChoices
from services.portal.clients.service_client import ServiceClient


class ListsClient(ServiceClient):
    """A part of IngestClient. organisation: the council's choice, None for all; weeks are named by their Mondays."""

    def visits(
        self,
        *,
        organisation: str | None,
        week: str | None,
        clients: Sequence[str] | None,
        service_name: str | None,
        service_level: str | None,
        visit_type: str | None,
        after_organisation: str,
        after_ref: str,
        limit: int,
    ) -> list[Visit]:
        """A page of visits that are not deleted, after an (organisation id, VisitRef).

        clients: any identifiers of a client. service_name: one of an organisation's week.
        """
        filters = {
            "clients": clients,
            "service_name": service_name,
            "service_level": service_level,
            "visit_type": visit_type,
        }
        place = {"after_organisation": after_organisation, "after_ref": after_ref, "limit": limit}
        return self._ask("visits", organisation=organisation, week=week, **filters, **place)

    def visit_choices(self, *, organisation: str | None, week: str | None = None) -> VisitChoices:
        """The services, service levels and visit types that a visit may name; with a week also what its visits name."""
        return self._ask("visit_choices", organisation=organisation, week=week)

    def weeks_with_visits(self, *, organisation: str | None, mondays: Sequence[str]) -> list[str]:
        """Which of these weeks hold visits."""
        return self._ask("weeks_with_visits", organisation=organisation, mondays=mondays)

    def sent_weeks(self, *, first: str, last: str) -> list[tuple[str, str]]:
        """(organisation id, Monday) of the weeks for which organisations have sent visits."""
        return [
            (organisation_id, monday)
            for organisation_id, monday in self._ask("sent_weeks", first=first, last=last)
        ]

    def newest_planned_day(self, *, organisation: str | None) -> str | None:
        """The last day up to this week's Sunday for which a visit is planned."""
        return self._ask("newest_planned_day", organisation=organisation)

    def search(self, *, written: str) -> list[FoundVisit]:
        """The first visits whose VisitRef begins so."""
        return self._ask("search", written=written)
