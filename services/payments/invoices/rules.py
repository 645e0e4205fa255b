"""What may be invoiced, what it comes to with VAT, and how an invoice goes on (RULES 13). Pure: values in, values out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from libs.common.care.money import NOTHING, to_the_penny
from services.payments.invoiced.rules import ACCEPTED, COST, PAID, PENDING, LineKey, Whose

CREDIT_NOTE: Final = "credit_note"

VAT: Final = "vat"

UNSUBMITTED: Final = "Unsubmitted"
REJECTED: Final = "Rejected"
OPEN: Final = (UNSUBMITTED, PENDING)
"""The states in which an invoice follows the care."""
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


class Line(NamedTuple):
    """A line of an invoice: pounds, for whom, and the service's VAT rate in per cent."""

    amount: Decimal
    whose: Whose
    vat_rate: Decimal = NOTHING


Lines = dict[LineKey, Line]


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


def left_of_costs(
    lines: Mapping[LineKey, Line], credited: Mapping[LineKey, Decimal]
) -> dict[LineKey, Decimal]:
    """What is left of each cost line: all but rejected credits lessen it."""
    return {key: line.amount - credited.get(key, NOTHING) for key, line in lines.items() if key.kind == COST}


def credit_sums(left: Mapping[Decimal, Decimal], rate: Decimal, amount: Decimal) -> Sums:
    """RULES 13: a credit's VAT is that of what was left less that of what is left; all below nought.

    ``left``: what is left of the invoice's costs by rate, before this credit of ``amount`` pounds of a line at ``rate``.
    """
    after = {**left, rate: left.get(rate, NOTHING) - amount}
    vat = vat_of(after) - vat_of(left)
    return Sums(-amount, vat, vat - amount)


def rate_text(rate: Decimal) -> str:
    """A VAT rate in per cent as it is shown: 20, 17.5 or 0."""
    return f"{rate.normalize():f}"


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
