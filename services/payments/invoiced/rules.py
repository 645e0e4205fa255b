"""Which weeks are payable by invoice alone, at what, and what of them an invoice holds (RULES 13). Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from libs.common.care.actuals import ActualLine, planned_lines
from libs.common.care.weeks import period_start_of, sunday_of
from services.payments.packages.rules import Package
from services.payments.pricing.rules import Price, price_actual

SCHEDULE: Final = "schedule"
INVOICE: Final = "invoice"
TERMS: Final = (SCHEDULE, INVOICE)
"""What a contract's terms may be: payable as it is posted, or by an accepted invoice alone."""

COST: Final = "cost"
INCOME: Final = "income"
PENDING: Final = "Pending"
ACCEPTED: Final = "Accepted"
PAID: Final = "Paid"
HOLDING: Final = (PENDING, ACCEPTED, PAID)
"""The states in which an invoice has the weeks of PaymentMethod `Invoice` charged."""
COUNTED: Final = (ACCEPTED, PAID)
"""The states in which an invoice's or a credit note's lines are payment items."""


class DatedTerms(NamedTuple):
    """A contract's terms from a period on."""

    from_period: date
    terms: str


def terms_of_week(known: Iterable[DatedTerms], monday: date) -> str:
    """RULES 13: a week has the terms of its own period; ``known`` are a contract's, in order of their periods."""
    own = period_start_of(monday)
    begun = [dated.terms for dated in known if dated.from_period <= own]
    return begun[-1] if begun else SCHEDULE


def needs_invoice(payment_method: str, terms: str) -> bool:
    """RULES 13: whether care is payable through an accepted invoice alone."""
    return payment_method == "Invoice" or (payment_method == "Actuals" and terms == INVOICE)


def price_commissioned(package: Package, monday: date) -> Price:
    """RULES 13: what a week of PaymentMethod `Invoice` costs: the planned time of each line at its days' rates."""
    is_planned = package.authorised and package.unit == "Hr"
    lines = planned_lines(package.plan, monday) if is_planned else []
    planned = [ActualLine(line.first_on, line.last_on, line.planned_seconds) for line in lines]
    return price_actual(planned, package.plan, is_paid=is_planned)


def is_over(monday: date, today: date) -> bool:
    """RULES 13: a week of PaymentMethod `Invoice` can be invoiced once its Sunday has passed."""
    return sunday_of(monday) < today


class LineKey(NamedTuple):
    """Which line: a CPLI's week, its cost or its income."""

    cpli_id: int
    monday: date
    kind: str


class Whose(NamedTuple):
    """For whom a line is, and of which service: it stays theirs once it is accepted."""

    client_id: str
    client_reference: str
    service: str
