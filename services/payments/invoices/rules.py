"""What may be invoiced, what it comes to with VAT, and how an invoice goes on (RULES 13). Pure: values in, values out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from libs.common.care.actuals import ActualLine, planned_lines
from libs.common.care.money import NOTHING, to_the_penny
from libs.common.care.weeks import period_start_of, sunday_of
from services.payments.packages.rules import Package
from services.payments.pricing.rules import Price, price_actual

SCHEDULE: Final = "schedule"
INVOICE: Final = "invoice"
TERMS: Final = (SCHEDULE, INVOICE)
"""What a contract's terms may be: payable as it is posted, or by an accepted invoice alone."""

CREDIT_NOTE: Final = "credit_note"

COST: Final = "cost"
INCOME: Final = "income"
VAT: Final = "vat"

UNSUBMITTED: Final = "Unsubmitted"
PENDING: Final = "Pending"
ACCEPTED: Final = "Accepted"
REJECTED: Final = "Rejected"
PAID: Final = "Paid"
OPEN: Final = (UNSUBMITTED, PENDING)
"""The states in which an invoice follows the care."""
HOLDING: Final = (PENDING, ACCEPTED, PAID)
"""The states in which an invoice has the weeks of PaymentMethod `Invoice` charged."""
COUNTED: Final = (ACCEPTED, PAID)
"""The states in which an invoice's or a credit note's lines are payment items."""

MOVES: Final[Mapping[tuple[str, str], str]] = {
    (UNSUBMITTED, "submit"): PENDING,
    (PENDING, "accept"): ACCEPTED,
    (PENDING, "reject"): REJECTED,
    (PENDING, "send_back"): UNSUBMITTED,
    (ACCEPTED, "pay"): PAID,
}
"""How invoices and credit notes move; whatever is not here is refused."""

LONGEST_NUMBER: Final = 50
PER_CENT: Final = Decimal(100)


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
    """For whom a line is: it stays theirs once it is accepted. ``service`` is folded."""

    client_id: str
    client_reference: str
    service: str


class Line(NamedTuple):
    """A line of an invoice: pounds, for whom, and the service's VAT rate in per cent."""

    amount: Decimal
    whose: Whose
    vat_rate: Decimal = NOTHING


Lines = dict[LineKey, Line]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is owed now and what was accepted before, credits counted back, in pounds."""

    owed: Decimal
    accepted: Decimal

    @property
    def amount(self) -> Decimal:
        """What is to be invoiced, or (a cost below nought) credited."""
        return self.owed - self.accepted


def differences_of(
    owed: Mapping[LineKey, Decimal], accepted: Mapping[LineKey, Decimal]
) -> dict[LineKey, Difference]:
    """*To invoice or to credit*: each line on which what is owed is not what was accepted, in their order."""
    compared = {
        key: Difference(owed.get(key, NOTHING), accepted.get(key, NOTHING))
        for key in sorted({*owed, *accepted})
    }
    return {key: found for key, found in compared.items() if found.amount}


def may_be_invoiced(key: LineKey, amount: Decimal) -> bool:
    """RULES 13: a cost below nought is credited instead; what providers collect may change both ways."""
    return amount > 0 if key.kind == COST else bool(amount)


class Sums(NamedTuple):
    """What an invoice comes to, in pounds."""

    net: Decimal
    vat: Decimal
    gross: Decimal


def sums_of(lines: Mapping[LineKey, Line]) -> Sums:
    """RULES 13: net is the lines' sum; VAT is on the cost before deductions, for each rate, half up; gross is both."""
    net = sum((line.amount for line in lines.values()), NOTHING)
    vat = vat_of(costs_by_rate(lines))
    return Sums(net, vat, net + vat)


def costs_by_rate(lines: Mapping[LineKey, Line]) -> dict[Decimal, Decimal]:
    """The cost before deductions, by the rate in per cent."""
    costs: dict[Decimal, Decimal] = defaultdict(lambda: NOTHING)
    for key, line in lines.items():
        if key.kind == COST:
            costs[line.vat_rate] += line.amount
    return dict(costs)


def vat_of(costs: Mapping[Decimal, Decimal]) -> Decimal:
    """The VAT on costs by rate: half up for each rate."""
    return sum((to_the_penny(cost * rate / PER_CENT) for rate, cost in costs.items()), NOTHING)


def has_vat(lines: Mapping[LineKey, Line]) -> bool:
    """Whether a rate above nought is on it: then submitting needs a registration number and the VAT invoice."""
    return any(line.vat_rate > 0 for line in lines.values())


def credit_sums(left: Mapping[Decimal, Decimal], rate: Decimal, amount: Decimal) -> Sums:
    """RULES 13: a credit's VAT is that of what was left less that of what is left; all below nought.

    ``left``: what is left of the invoice's costs by rate, before this credit of ``amount`` pounds of a line at ``rate``.
    """
    after = {**left, rate: left.get(rate, NOTHING) - amount}
    vat = vat_of(left) - vat_of(after)
    return Sums(-amount, -vat, -amount - vat)


def number_key(number: str) -> str:
    """The form in which numbers are compared: letter case and spaces aside."""
    return "".join(number.split()).casefold()


def credit_number(number: str, taken: Iterable[str]) -> str:
    """The number of an invoice's next credit note: the first of ``/C1``, ``/C2``, … that no other has."""
    keys = set(map(number_key, taken))
    count = 1
    while number_key(f"{number}/C{count}") in keys:
        count += 1
    return f"{number}/C{count}"


class Change(NamedTuple):
    """A line that changed while its invoice was open: pounds before and after, nothing for one that came or went."""

    key: LineKey
    before: Decimal
    after: Decimal


def changes_of(before: Mapping[LineKey, Line], after: Mapping[LineKey, Line]) -> list[Change]:
    """What changed from what to what, in the lines' order."""

    def amount(lines: Mapping[LineKey, Line], key: LineKey) -> Decimal:
        return lines[key].amount if key in lines else NOTHING

    found = [Change(key, amount(before, key), amount(after, key)) for key in sorted({*before, *after})]
    return [change for change in found if change.before != change.after]
