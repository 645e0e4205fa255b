"""Pending Scheduled Payments: what is not ordinary in the next payment run ([004], Pending Payments Exceptions)."""

from __future__ import annotations

from libs.common.seams.payments.reports import PaymentException
from services.portal.reports import choices
from services.portal.reports.declared import Asking, Column, Filter, Lines, Place, Report, Row, Values
from services.portal.reports.naming import named
from services.portal.web.words import KINDS

EXCEPTIONS = {
    "adjustment": "Adjustment",
    "claim": "One-off claim",
    "one_off": "One-off payment",
    "deduction": "Deduction",
    "negative": "Takes money back",
    "first": "First payment of the package",
    "moved": "From another period, or in part",
}


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """A page of exceptions."""
    if values["period"] is None:
        return Lines([], None)
    found = asking.payments.payment_exceptions(
        start=values["period"],
        organisation=values["organisation"],
        contract=values["contract"],
        payment_method=values["payment_method"],
        after=place[0] if place else None,
        limit=limit,
    )
    rows = named(asking, [line(item) for item in found])
    return Lines(rows, [found[-1]["item_id"]] if len(found) == limit else None)


def line(item: PaymentException) -> Row:
    """A line of the report."""
    return {
        **item,
        "kind": KINDS.get(item["kind"], item["kind"]),
        "exception": "; ".join(EXCEPTIONS[one] for one in item["exceptions"]),
    }


def next_period(asking: Asking, values: Values) -> Values:
    """The one that is paid next, which is the earliest open one."""
    found = choices.open_periods(asking, values)
    return {"period": found[0][0]} if found else {}


_MONEY = Column("amount", "Value", "money")

REPORT = Report(
    slug="pending-payments",
    title="Pending Scheduled Payments",
    words="Look at the exceptions of the next payment run: adjustments, deductions, first payments, money taken back.",
    filters=(
        Filter("period", "Payment period", "choice", choices=choices.open_periods),
        choices.ORGANISATION,
        Filter("contract", "Contract", "choice", "All contracts", choices.contracts),
        choices.PAYMENT_METHOD,
        Filter("summary", "Summary", "tick"),
    ),
    columns=(
        Column("organisation", "Organisation", is_group=True),
        Column("client", "SSRef"),
        Column("name", "Client", width=1.5),
        Column("cpli_id", "CPLI"),
        Column("week", "Week from", "day"),
        Column("contract", "Contract", width=0.8),
        Column("exception", "Exception", width=1.8),
        Column("kind", "Kind", width=1.2),
        Column("reason", "Reason", width=2.4),
        _MONEY,
    ),
    summed_by=("organisation", "contract", "exception", "kind", "reason"),
    summary=(
        Column("organisation", "Organisation", width=1.6),
        Column("contract", "Contract", width=0.8),
        Column("exception", "Exception", width=1.8),
        Column("kind", "Kind", width=1.2),
        Column("reason", "Reason", width=2.4),
        Column("lines", "Items", "count", width=0.7),
        _MONEY,
    ),
    lines=lines,
    place=(str,),
    headings=(lambda row: row["organisation"],),
    defaults=next_period,
    notes=(
        "Ordinary payments of a week’s care are left out: the payment period has them all.",
        "* The period is finalised for some contracts; their items are left out here.",
    ),
    empty="Nothing out of the ordinary is due.",
)
