"""Remittance Advice: the payments of a period, one line for each client, kind and reason ([003], RULES 8)."""

from __future__ import annotations

from services.portal.reports import choices
from services.portal.reports.declared import Asking, Column, Filter, Lines, Place, Report, Row, Values, named
from services.portal.web.words import KINDS


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """A page of the period's remittance advice."""
    if values["period"] is None:
        return Lines([], None)
    after = place[0] if place else 0
    found = asking("payments", "remittance", **_period(values), after=after, limit=limit)["lines"]
    rows = named(asking, list(map(line, found)))
    return Lines(rows, [after + limit] if len(found) == limit else None)


def line(given: Row) -> Row:
    """A line of the report."""
    return {
        **given,
        "kind": KINDS.get(given["kind"], given["kind"]),
        "cost_or_income": given["cost_or_income"].capitalize(),
    }


def sums(asking: Asking, values: Values) -> list[tuple[str, str]]:
    """What the period comes to."""
    if values["period"] is None:
        return []
    totals = asking("payments", "payment_period", **_period(values))
    words = {"cost": "Cost", "income": "Income (deductions)", "total": "Remitted in all"}
    return [(label, totals[name]) for name, label in words.items()]


def newest_period(asking: Asking, values: Values) -> Values:
    found = choices.periods(asking, values)
    return {"period": found[0][0]} if found else {}


def _period(values: Values) -> Values:
    return {"start": values["period"], "organisation": values["organisation"]}


_MONEY = Column("amount", "Value", "money")

REPORT = Report(
    slug="remittance-advice",
    title="Remittance Advice",
    words="See what is paid in a payment period, client by client, with deductions and adjustments.",
    filters=(
        Filter("period", "Period (* partially finalised)", "choice", choices=choices.periods),
        choices.ORGANISATION,
        Filter("summary", "Summary", "tick"),
    ),
    columns=(
        Column("organisation", "Organisation", is_group=True),
        Column("client", "SSRef"),
        Column("name", "Client", width=1.5),
        Column("cost_or_income", "Cost or income", width=1.1),
        Column("kind", "Kind", width=1.3),
        Column("reason", "Reason", width=2.6),
        Column("week_from", "From", "day"),
        Column("week_to", "To", "day"),
        _MONEY,
    ),
    summed_by=("organisation", "cost_or_income", "kind", "reason"),
    summary=(
        Column("organisation", "Organisation", width=1.8),
        Column("cost_or_income", "Cost or income", width=1.1),
        Column("kind", "Kind", width=1.3),
        Column("reason", "Reason", width=2.6),
        Column("lines", "Lines", "count", width=0.7),
        _MONEY,
    ),
    lines=lines,
    place=(int,),
    headings=(lambda row: row["organisation"],),
    defaults=newest_period,
    sums=sums,
    notes=(
        "One line for each client, kind and reason; those that come to nothing are left out.",
        "Income is a contribution that the provider collects from the client, and is deducted.",
    ),
    empty="Nothing is paid in this period.",
)
