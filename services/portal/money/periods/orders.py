"""Purchase orders: for each service of a provider and each period, the care that the council has commissioned.

A council's order has no number of its own in the sources; ours is derived from the period and from who the service is,
so that it is the same whenever and by whomever it is looked at, whatever the service is called by then.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from libs.common.care.money import NOTHING, pounds_text, to_the_penny
from libs.common.care.terms import FROM_START, Term, term_on
from libs.common.care.weeks import period_end_of
from libs.common.rpc import Caller
from libs.common.seams.matching.line_items import LineItem, LineItemTerm
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.formats import quantity

LINES_A_CALL = 1000
HEADINGS = (
    "PurchaseOrder",
    "PeriodStart",
    "PeriodEnd",
    "OrganisationName",
    "ServiceName",
    "Contract",
    "CpliId",
    "Client",
    "ServiceLevelName",
    "From",
    "To",
    "WeeklyQuantity",
    "Unit",
    "UnitCost",
    "WeeklyCost",
)


@dataclass(frozen=True)
class Line:
    """A care package line item as it stands in a period: pounds a week, from its first to its last day there."""

    cpli_id: int
    client: str
    service_level: str
    first: dt.date
    last: dt.date
    quantity: str
    unit: str
    unit_cost: str
    weekly_cost: Decimal


@dataclass(frozen=True)
class Order:
    """What is commissioned of one service in one period."""

    number: str
    organisation: str
    service: str
    contract: str
    start: dt.date
    lines: list[Line] = field(default_factory=list)

    @property
    def weekly_cost(self) -> Decimal:
        """Of all lines together."""
        return sum((line.weekly_cost for line in self.lines), NOTHING)


def purchase_orders(
    gateway: Gateway, caller: Caller, start: dt.date, organisation: str | None
) -> list[Order]:
    """A provider's orders of a period, by service. Raises Refused and ServiceUnavailable."""
    client, after = MatchingClient(gateway, caller), -1
    items: list[LineItem] = []
    while True:
        page = client.line_items(organisation=organisation, after=after, limit=LINES_A_CALL)
        items += [item for item in page if is_commissioned(item, start)]
        if len(page) < LINES_A_CALL:
            return orders_of(items, start)
        after = page[-1]["cpli_id"]


def orders_of(items: Iterable[LineItem], start: dt.date) -> list[Order]:
    """Line items as matching shows them, grouped by service."""
    orders: dict[str, Order] = {}
    for item in items:
        service_id = item["service_id"]
        if service_id not in orders:
            number = order_number(start, service_id)
            orders[service_id] = Order(number, item["organisation"], item["service"], item["contract"], start)
        orders[service_id].lines.append(line_of(item, start))
    return sorted(orders.values(), key=lambda order: (order.organisation, order.service, order.number))


def order_number(start: dt.date, service_id: str) -> str:
    """PO-20221003-1A2B3C4D: the period's first day, and what tells the service from others."""
    digest = hashlib.sha256(service_id.encode()).hexdigest()
    return f"PO-{start:%Y%m%d}-{digest[:8].upper()}"


def is_commissioned(item: LineItem, start: dt.date) -> bool:
    """Whether a line item is authorised, bought by the week and touches the period."""
    first, last = days_of(item)
    return (
        item["authorised"]
        and item["frequency"] == "Weekly"
        and first <= period_end_of(start)
        and (last is None or last >= start)
    )


def days_of(item: LineItem) -> tuple[dt.date, dt.date | None]:
    """The first day of a line item, and the last one if there is any."""
    last = item["end_on"]
    return dt.date.fromisoformat(item["start_on"]), dt.date.fromisoformat(last) if last else None


def line_of(item: LineItem, start: dt.date) -> Line:
    """What a line item costs a week, by the terms in force on its first day in the period."""
    first, last = days_of(item)
    first, last = max(first, start), min(last or dt.date.max, period_end_of(start))
    term = term_on([term_of(shown) for shown in item["terms"]], first)
    cost = to_the_penny(term.quantity * term.unit_cost)
    client = item["client"]
    return Line(
        cpli_id=item["cpli_id"],
        client=client["ssref"] or client["client_ref"] or client["nhs_number"] or "",
        service_level=item["service_level"],
        first=first,
        last=last,
        quantity=str(term.quantity),
        unit=item["unit"],
        unit_cost=str(term.unit_cost),
        weekly_cost=cost,
    )


def term_of(shown: LineItemTerm) -> Term:
    """A dated term as matching shows it; without a date it holds from the beginning."""
    begins, assessed = shown["effective_from"], shown["assessed_contribution"]
    return Term(
        FROM_START if begins is None else dt.date.fromisoformat(begins),
        Decimal(shown["quantity"]),
        Decimal(shown["unit_cost"]),
        None if assessed is None else Decimal(assessed),
        shown["contribution_collected_by"],
    )


def orders_csv(orders: Iterable[Order]) -> str:
    """One row a line item."""
    return csv_text(
        HEADINGS,
        (
            (
                order.number,
                order.start,
                period_end_of(order.start),
                order.organisation,
                order.service,
                order.contract,
                line.cpli_id,
                line.client,
                line.service_level,
                line.first,
                line.last,
                quantity(line.quantity),
                line.unit,
                line.unit_cost,
                pounds_text(line.weekly_cost),
            )
            for order in orders
            for line in order.lines
        ),
    )
