"""Purchase orders: for each service of a provider and each period, the care that the council has commissioned.

A council's order has no number of its own in the sources; ours is derived from the period and the service, so that it
is the same whenever and by whomever it is looked at.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from libs.common.care.money import NOTHING, pounds_text, to_the_penny
from libs.common.care.weeks import period_end_of
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.web.csv_out import csv_text

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
    items: list[dict[str, Any]] = []
    after = -1
    while True:
        page = gateway.ask(
            "matching", "line_items", caller, organisation=organisation, after=after, limit=LINES_A_CALL
        )
        items += [item for item in page if is_commissioned(item, start)]
        if len(page) < LINES_A_CALL:
            return orders_of(items, start)
        after = page[-1]["cpli_id"]


def orders_of(items: Iterable[dict[str, Any]], start: dt.date) -> list[Order]:
    """Line items as matching shows them, grouped by service."""
    orders: dict[tuple[str, str], Order] = {}
    for item in items:
        service = item["organisation"], item["service"]
        if service not in orders:
            orders[service] = Order(order_number(start, *service), *service, item["contract"], start)
        orders[service].lines.append(line_of(item, start))
    return [orders[service] for service in sorted(orders)]


def order_number(start: dt.date, organisation: str, service: str) -> str:
    """PO-20221003-1A2B3C4D: the period's first day, and what tells the service from others."""
    digest = hashlib.sha256(f"{organisation}\\n{service}".casefold().encode()).hexdigest()
    return f"PO-{start:%Y%m%d}-{digest[:8].upper()}"


def is_commissioned(item: dict[str, Any], start: dt.date) -> bool:
    """Whether a line item is authorised, bought by the week and touches the period."""
    first, last = days_of(item)
    return (
        item["authorised"]
        and item["frequency"] == "Weekly"
        and first <= period_end_of(start)
        and (last is None or last >= start)
    )


def days_of(item: dict[str, Any]) -> tuple[dt.date, dt.date | None]:
    """The first day of a line item, and the last one if there is any."""
    first, last = (item[name] and dt.date.fromisoformat(item[name]) for name in ("start_on", "end_on"))
    return first, last


def line_of(item: dict[str, Any], start: dt.date) -> Line:
    """What a line item costs a week, by the terms in force on its first day in the period."""
    first, last = days_of(item)
    first, last = max(first, start), min(last or dt.date.max, period_end_of(start))
    term = term_on(item["terms"], first)
    cost = to_the_penny(Decimal(term["quantity"]) * Decimal(term["unit_cost"]))
    client = item["client"]
    return Line(
        cpli_id=item["cpli_id"],
        client=client["ssref"] or client["client_ref"] or client["nhs_number"] or "",
        service_level=item["service_level"],
        first=first,
        last=last,
        quantity=term["quantity"],
        unit=item["unit"],
        unit_cost=term["unit_cost"],
        weekly_cost=cost,
    )


def term_on(terms: Sequence[dict[str, Any]], day: dt.date) -> dict[str, Any]:
    """The dated term in force on a day; before the first one, that first one."""
    in_force = terms[0]
    for term in terms:
        if term["effective_from"] is not None and dt.date.fromisoformat(term["effective_from"]) <= day:
            in_force = term
    return in_force


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
                line.quantity,
                line.unit,
                line.unit_cost,
                pounds_text(line.weekly_cost),
            )
            for order in orders
            for line in order.lines
        ),
    )
