"""What reports read, and samples of a week's care."""

from __future__ import annotations

from libs.common.seams.matching.reports import (
    PackageOfClient,
    ReportChoices,
    UnmatchedDays,
    UnmatchedVisit,
    UnmatchedVisitPlace,
)
from libs.common.seams.matching.samples import Sample
from services.portal.clients.service_client import ServiceClient


class ReportsClient(ServiceClient):
    """A part of MatchingClient."""

    def packages_by_client(
        self,
        *,
        organisation: str | None,
        client: str | None,
        group_class: str | None,
        payment_method: str | None,
        first: str,
        last: str,
        after: int,
        limit: int,
    ) -> list[PackageOfClient]:
        """A page of CPLIs of hours in force between two days, by organisation, level and client, after a CpliId."""
        return self._ask(
            "packages_by_client",
            organisation=organisation,
            client=client,
            group_class=group_class,
            payment_method=payment_method,
            first=first,
            last=last,
            after=after,
            limit=limit,
        )

    def report_choices(self, *, organisation: str | None) -> ReportChoices:
        """What reports may be limited to. Raises Refused ``not_found``."""
        return self._ask("report_choices", organisation=organisation)

    def unmatched_for_report(
        self,
        *,
        organisation: str | None,
        reason: str | None,
        client: str | None,
        service_name: str | None,
        first: str,
        last: str,
        after: UnmatchedVisitPlace | None,
        limit: int,
    ) -> list[UnmatchedVisit]:
        """A page of visits without a match that are planned between two days, with why."""
        return self._ask(
            "unmatched_for_report",
            organisation=organisation,
            reason=reason,
            client=client,
            service_name=service_name,
            first=first,
            last=last,
            after=after,
            limit=limit,
        )

    def unmatched_days(
        self,
        *,
        organisation: str | None,
        reason: str | None,
        client: str | None,
        service_name: str | None,
        first: str | None = None,
        last: str | None = None,
    ) -> UnmatchedDays:
        """When visits without a match are planned, and how many of them outside of two days."""
        return self._ask(
            "unmatched_days",
            organisation=organisation,
            reason=reason,
            client=client,
            service_name=service_name,
            first=first,
            last=last,
        )

    def sample_of_week(
        self, *, organisation: str | None, monday: str, way: str, size: int, seed: str
    ) -> Sample:
        """Some of a week's CPLIs, to be looked at. Raises Refused ``not_found``."""
        return self._ask(
            "sample_of_week", organisation=organisation, monday=monday, way=way, size=size, seed=seed
        )
