"""What other services know of weeks of actuals: those in dispute, and those that an invoice holds (RULES 9, 13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from libs.common.care.weeks import sunday_of
from libs.common.seams.disputes.disputes import OpenDispute
from libs.common.seams.ingest.actuals import MarkedWeek
from libs.common.seams.payments.invoices import InvoicedWeek
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.gateway import Gateway
from services.portal.clients.payments import PaymentsClient
from services.portal.web.addresses import day_named


class Marks(NamedTuple):
    """Open disputes about weeks of line items, and weeks that invoices hold; whoever asks sees their own."""

    disputes: Sequence[OpenDispute]
    invoiced: Sequence[InvoicedWeek]

    def said(self) -> list[MarkedWeek]:
        """As ingest is told of them."""
        return [*map(_as_disputed, self.disputes), *map(_as_invoiced, self.invoiced)]

    def of_week(self, monday: str) -> Mapping[int, MarksOfActual]:
        """Those of one week, by line item."""
        disputes: dict[int, list[OpenDispute]] = {}
        for one in self.disputes:
            if one["monday"] == monday:
                disputes.setdefault(one["cpli_id"] or 0, []).append(one)
        invoiced = {one["cpli_id"] for one in self.invoiced if one["week"] == monday}
        return {
            cpli_id: MarksOfActual(disputes.get(cpli_id, []), cpli_id in invoiced)
            for cpli_id in disputes.keys() | invoiced
        }


class MarksOfActual(NamedTuple):
    """The open disputes about a line item's week, and whether an invoice holds it."""

    disputes: Sequence[OpenDispute] = ()
    is_invoiced: bool = False


def find_marks(
    gateway: Gateway, disputes: DisputesClient, payments: PaymentsClient, first: str, last: str
) -> Marks:
    """What is known of the weeks between two Mondays."""
    sunday = sunday_of(day_named(last)).isoformat()
    found, invoiced = gateway.both(
        lambda: disputes.open_disputes(first=first, last=sunday),
        lambda: payments.invoiced_weeks(first=first, last=last),
    )
    return Marks(list(_about_weeks(found, first, last)), invoiced)


def _about_weeks(found: Iterable[OpenDispute], first: str, last: str) -> Iterable[OpenDispute]:
    return (one for one in found if one["cpli_id"] and one["monday"] and first <= one["monday"] <= last)


def _as_disputed(one: OpenDispute) -> MarkedWeek:
    return {"cpli_id": one["cpli_id"] or 0, "monday": one["monday"] or "", "state": "disputed"}


def _as_invoiced(one: InvoicedWeek) -> MarkedWeek:
    return {"cpli_id": one["cpli_id"], "monday": one["week"], "state": "invoiced"}
