"""What reports and previews ask of payments."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.events import WeekVisits
from libs.common.seams.payments.merging import MoneyOfMerge
from libs.common.seams.payments.reports import CommissionedWeek, HoursOfWeek, PaymentException
from services.portal.clients.service_client import ServiceClient


class ReportsClient(ServiceClient):
    """A part of PaymentsClient."""

    def commissioned_actuals(
        self, *, cpli_ids: list[int], first: str, last: str, with_empty: bool, differences_only: bool
    ) -> list[CommissionedWeek]:
        """Weeks of CPLIs: what was commissioned against what is payable; with_empty: those without an actual too."""
        weeks = {"first": first, "last": last, "with_empty": with_empty}
        return self._ask(
            "commissioned_actuals", cpli_ids=cpli_ids, **weeks, differences_only=differences_only
        )

    def weekly_hours(
        self, *, organisation: str | None, cpli_ids: list[int] | None, first: str, last: str, with_empty: bool
    ) -> list[HoursOfWeek]:
        """Hours commissioned, delivered and frustrated, by week, over these CPLIs or over all."""
        weeks = {"first": first, "last": last, "with_empty": with_empty}
        return self._ask("weekly_hours", organisation=organisation, cpli_ids=cpli_ids, **weeks)

    def payment_exceptions(
        self,
        *,
        start: str,
        organisation: str | None,
        contract: str | None,
        payment_method: str | None,
        after: str | None,
        limit: int,
    ) -> list[PaymentException]:
        """A page of what is not ordinary among a period's items, after one."""
        which = {"start": start, "organisation": organisation, "contract": contract}
        which["payment_method"] = payment_method
        return self._ask("payment_exceptions", **which, after=after, limit=limit)

    def money_of_merge(
        self, *, client_id: str, into_client_id: str, weeks: Sequence[WeekVisits]
    ) -> MoneyOfMerge:
        """What merging two clients would move in money; weeks: those whose visits would be others. Council only."""
        return self._ask("money_of_merge", client_id=client_id, into_client_id=into_client_id, weeks=weeks)
