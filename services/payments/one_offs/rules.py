"""One-off payments (RULES 2) and the accepted claims that stand for them (RULES 10). Pure: values in, values out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from libs.common.care.money import NOTHING, to_the_penny
from libs.common.care.names import fold
from libs.common.care.terms import term_on
from libs.common.care.weeks import period_start_of
from services.payments.items.rules import Holder, Posting, posting_for
from services.payments.packages.rules import Package
from services.payments.periods.rules import Periods

SERIES = "one_off"
HOSPITAL_INCENTIVE = fold("Hospital Incentive Payment")
AROUND_A_STAY = timedelta(days=28)
"""RULES 10: so long before admission and after discharge a line item may start that a claim stands for."""
MOVED = "The start date has moved to another period"

ByPeriod = Mapping[date, Decimal]
"""Pounds that stand posted, by the start of their period."""


class ClaimedStay(NamedTuple):
    """An item of an accepted claim: whose it is, and the stay in hospital that it pays for."""

    item_id: str
    organisation_id: str
    client_id: str
    admitted_on: date
    discharged_on: date


def worth_of(package: Package) -> Decimal:
    """RULES 2: Quantity x UnitCost, by the terms of its StartDate, when it is authorised."""
    if not (package.is_one_off and package.authorised):
        return NOTHING
    term = term_on(package.terms, package.start_on)
    return to_the_penny(term.quantity * term.unit_cost)


def claimed_cplis(packages: Iterable[Package], stays: Iterable[ClaimedStay]) -> dict[int, str]:
    """RULES 10: the claim's item that each one-off is paid with, by CpliId.

    A claim stands for one line item and a line item is paid with one claim: the nearest pair first, then the lowest
    CpliId; then the earliest stay. So the answer depends on the two sets alone, whichever came first.
    """
    candidates = [p for p in packages if p.is_one_off and p.service_level == HOSPITAL_INCENTIVE]
    pairs = sorted(
        (_days_apart(package.start_on, stay), package.cpli_id, stay.admitted_on, stay.item_id)
        for stay in stays
        for package in candidates
        if (package.organisation_id, package.client_id) == (stay.organisation_id, stay.client_id)
        and stay.admitted_on - AROUND_A_STAY <= package.start_on <= stay.discharged_on + AROUND_A_STAY
    )
    claimed: dict[int, str] = {}
    for _, cpli_id, _, item_id in pairs:
        if cpli_id not in claimed and item_id not in claimed.values():
            claimed[cpli_id] = item_id
    return claimed


def _days_apart(day: date, stay: ClaimedStay) -> int:
    """How many days lie between a day and a stay; none within it."""
    return max((stay.admitted_on - day).days, (day - stay.discharged_on).days, 0)


def postings_of(
    package: Package,
    owed: Decimal,
    posted: Mapping[Holder, ByPeriod],
    periods: Periods,
    *,
    ordinal: int,
    is_moved: bool,
    changed: str,
) -> Iterator[tuple[Holder, Decimal, Posting]]:
    """What brings a one-off's items to what is owed to its holder of today; nothing is left with another.

    Answers the holder, what is owed to it, and the posting.
    ``is_moved``: its StartDate has changed: what stands in open periods goes to where the new one belongs.
    ``ordinal`` counts the items that were posted before; ``changed`` is ``care`` or ``claim``.
    """
    opens = periods.for_week(package.start_on, package.contract)
    own_period = period_start_of(package.start_on, periods.grid_monday)
    today = (package.organisation_id, package.client_id)
    for holder in sorted({today, *posted}):
        target = owed if holder == today else NOTHING
        standing = dict(posted.get(holder, {}))
        for start in sorted(standing):
            is_open = periods.for_week(start, package.contract) == start
            if is_moved and is_open and start != opens and standing[start]:
                yield holder, target, Posting(-standing.pop(start), start, SERIES, MOVED, ordinal)
                ordinal += 1
        posting = posting_for(
            target,
            sum(standing.values(), NOTHING),
            ordinal,
            kind=SERIES,
            own_period=own_period,
            period=opens,
            changed=changed,
        )
        if posting:
            yield holder, target, posting
            ordinal += 1
