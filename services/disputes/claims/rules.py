"""One-off claims: the hospital incentive (RULES 10), pure.

Amount = 50% x missed hours x unit cost, rounded half up once, counting planned seconds of H visits only. Admission is
day 1. What a stay is paid for is judged by POLICIES, each of which allows it or gives a reason; then each H visit is
counted or not, with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from libs.common.care.money import NOTHING, SECONDS_IN_AN_HOUR, to_the_penny
from libs.common.care.names import fold

SERVICE_LEVEL: Final = "Hospital Incentive Payment"
DAPL, LWAH = "dapl", "lwah"
QUALIFYING: Final = (DAPL, LWAH)
SHARE: Final = Decimal("0.5")
DAPL_DAYS: Final = 7
LWAH_DAYS: Final = 14
_A_DAY: Final = dt.timedelta(days=1)
LOOKED_AROUND: Final = dt.timedelta(days=7)
"""H visits so long before and after the stay are shown too: the dates may be wrong."""

Counts = Callable[[dt.date], bool]
"""Whether a day counts among the seven of DAPL."""


class Stay(NamedTuple):
    """A stay in hospital as an item states it.

    resumed_on: discharged, and care resumed. told_on: when the provider was told of a longer stay (LWAH).
    """

    admitted_on: dt.date
    resumed_on: dt.date | None
    told_on: dt.date | None
    is_planned_respite: bool


class Visit(NamedTuple):
    """An H visit of the client; without a match it has no CPLI and no unit cost."""

    visit_ref: str
    planned_on: dt.date
    seconds: int
    cpli_id: int | None
    unit_cost: Decimal | None
    is_of_service: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the visits data and commissioned care say about a stay.

    care_resumed_on: the first visit that this provider delivered from the stated day on. taken: H visits that are
    counted elsewhere, by VisitRef, each with the number of its claim.
    """

    contract: str
    visits: tuple[Visit, ...]
    care_resumed_on: dt.date | None
    taken: Mapping[str, int]


class Line(NamedTuple):
    """An H visit and whether it counts."""

    visit_ref: str
    on: dt.date
    seconds: int
    unit_cost: Decimal | None
    is_counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Working:
    """What a stay is worth, and how that came about; `reasons`: why it is worth nothing."""

    amount: Decimal
    seconds: int
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]
    cpli_id: int | None
    """of the first visit that counts"""

    @property
    def counted(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_counted)


def every_day(day: dt.date) -> bool:
    """Calendar days."""
    return True


def working_days(holidays: Collection[dt.date]) -> Counts:
    """The contract's own words: Monday to Friday, without bank holidays."""
    return lambda day: day.weekday() < 5 and day not in holidays


def qualifies(contract: str) -> bool:
    """RULES 10: only DAPL and LWAH qualify."""
    return fold(contract) in QUALIFYING


def why_rejected(contract: str) -> str | None:
    """Why a claim is rejected as soon as it is submitted; None when it is not."""
    if qualifies(contract):
        return None
    named = f"the {contract} contract" if contract else "a contract that is not known"
    return (
        f"This claim is for care under {named}. The hospital incentive payment is paid under DAPL and LWAH contracts"
        " alone, so the claim was rejected automatically."
    )


def days_of(first: dt.date, last: dt.date, counts: Counts) -> int:
    """Which day of the stay `last` is: admission is day 1, and each later day that counts adds one."""
    return 1 + sum(counts(first + _A_DAY * n) for n in range(1, (last - first).days + 1))


def paid_to(contract: str, stay: Stay) -> dt.date:
    """The last day that is paid for, itself included."""
    ends = [stay.resumed_on] if stay.resumed_on else []
    if fold(contract) == LWAH:
        ends.append(stay.admitted_on + _A_DAY * (LWAH_DAYS - 1))
        if stay.told_on:
            ends.append(stay.told_on)
    return min(ends) if ends else dt.date.max


def of_a_contract_that_qualifies(stay: Stay, known: Known, counts: Counts) -> str | None:
    """RULES 10: only DAPL and LWAH."""
    return None if qualifies(known.contract) else f"The {known.contract} contract pays no hospital incentive"


def never_planned_respite(stay: Stay, known: Known, counts: Counts) -> str | None:
    """RULES 10."""
    return "Planned respite care is never paid" if stay.is_planned_respite else None


def dapl_discharged_in_time(stay: Stay, known: Known, counts: Counts) -> str | None:
    """RULES 10: DAPL pays only if the client is discharged within 7 days."""
    if fold(known.contract) != DAPL:
        return None
    if stay.resumed_on is None:
        return "DAPL pays only once the client is discharged and the care resumes: no such day is stated"
    day = days_of(stay.admitted_on, min(stay.resumed_on, stay.admitted_on + _A_DAY * 366), counts)
    if day <= DAPL_DAYS:
        return None
    return f"DAPL pays only if the client is discharged within {DAPL_DAYS} days: this was day {day}"


def dapl_resumed_by_this_provider(stay: Stay, known: Known, counts: Counts) -> str | None:
    """RULES 10: and this provider resumes the care."""
    if fold(known.contract) != DAPL or stay.resumed_on is None or known.care_resumed_on is not None:
        return None
    return "DAPL pays only if this provider resumes the care: no delivered visit since then has come in"


POLICIES: Final = (
    of_a_contract_that_qualifies,
    never_planned_respite,
    dapl_discharged_in_time,
    dapl_resumed_by_this_provider,
)


def work_out(stay: Stay, known: Known, counts: Counts = every_day) -> Working:
    """RULES 10: what a stay is worth by the H visits."""
    reasons = tuple(why for policy in POLICIES if (why := policy(stay, known, counts)))
    last = paid_to(known.contract, stay)
    lines = []
    for visit in sorted(known.visits, key=lambda visit: (visit.planned_on, visit.visit_ref)):
        why = why_not_counted(visit, stay, last, known.taken) or (reasons[0] if reasons else "")
        lines.append(
            Line(visit.visit_ref, visit.planned_on, visit.seconds, visit.unit_cost, not why, why or "Counted")
        )
    refs = {line.visit_ref for line in lines if line.is_counted}
    paid = [visit for visit in known.visits if visit.visit_ref in refs]
    if not reasons and not paid:
        reasons = ("There is no H visit that counts",)
    return Working(
        amount=amount_of(paid),
        seconds=sum(visit.seconds for visit in paid),
        reasons=reasons,
        lines=tuple(lines),
        cpli_id=min(paid, key=lambda visit: (visit.planned_on, visit.visit_ref)).cpli_id if paid else None,
    )


def why_not_counted(visit: Visit, stay: Stay, last: dt.date, taken: Mapping[str, int]) -> str | None:
    """Why an H visit does not count; None when nothing speaks against it."""
    if visit.planned_on < stay.admitted_on:
        return "Before the admission"
    if visit.planned_on > last:
        if stay.resumed_on and visit.planned_on > stay.resumed_on:
            return "After the care resumed"
        if stay.told_on and last == stay.told_on:
            return "After the day on which the provider was told"
        return f"After day {LWAH_DAYS}"
    if visit.cpli_id is None or visit.unit_cost is None:
        return "The visit is not matched to a care package line item"
    if not visit.is_of_service:
        return "The visit is of another service"
    if visit.visit_ref in taken:
        return f"Counted in claim {taken[visit.visit_ref]} already"
    return None


def amount_of(visits: Iterable[Visit]) -> Decimal:
    """RULES 10: 50% x missed hours x unit cost; the exact products are summed, then rounded once, half up."""
    product = sum((visit.seconds * (visit.unit_cost or NOTHING) for visit in visits), Decimal(0))
    return to_the_penny(product * SHARE / SECONDS_IN_AN_HOUR)


def days_to_look_at(stay: Stay) -> tuple[dt.date, dt.date]:
    """Between which days H visits are asked for."""
    ends = [stay.admitted_on + _A_DAY * LWAH_DAYS, stay.resumed_on, stay.told_on]
    last = max(day for day in ends if day is not None)
    return stay.admitted_on - LOOKED_AROUND, last + LOOKED_AROUND


def amended_note(before: Decimal, after: Decimal, why: str) -> str:
    """RULES 10: the council can amend an item's amount before accepting, and the note says so."""
    return f"Amended from £{before:,.2f} to £{after:,.2f} because {_as_a_clause(why)}"


def _as_a_clause(words: str) -> str:
    """`There was an error` after *because*; what is written in capitals stays so."""
    first = words.split(maxsplit=1)[0] if words.split() else ""
    return words[:1].lower() + words[1:] if first[1:].islower() else words
