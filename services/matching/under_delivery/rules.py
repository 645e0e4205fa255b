"""Consistent under-delivery, and over-delivery (RULES 16). Pure: values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from libs.common.care.plans import Plan, days_in_force
from libs.common.care.terms import Term, term_on
from libs.common.care.weeks import DAYS_IN_A_WEEK, sunday_of
from services.matching.measures.thresholds import ThresholdsOn

WEEKS_IN_A_YEAR = 52


class DeliveredWeek(NamedTuple):
    """A week by its Monday, with its delivered and frustrated hours."""

    monday: date
    hours: Fraction


class Delivery(NamedTuple):
    """What is commissioned a week and what was delivered, and what a plan of the median would save; exact.

    ``direction`` is ``under`` or ``over`` (with a negative saving). ``client_saving`` is the part of it that the
    client would be charged less. Hours a week, pounds a year; ``weeks`` the newest first.
    """

    direction: str
    commissioned: Fraction
    median: Fraction
    saving: Fraction
    client_saving: Fraction
    weeks: tuple[DeliveredWeek, ...]


def whole_weeks(plan: Plan, mondays_sent: Iterable[date], thresholds_on: ThresholdsOn) -> list[date]:
    """The last weeks sent that were whole, the newest first: in force and not suspended on each day."""
    found: list[date] = []
    for monday in sorted(mondays_sent, reverse=True):
        if len(days_in_force(plan, monday)) == DAYS_IN_A_WEEK:
            found.append(monday)
            if len(found) >= thresholds_on(found[0]).weeks_looked_at:
                break
    return found


def judge_delivery(
    plan: Plan, mondays: Sequence[date], seconds: Mapping[date, int], thresholds_on: ThresholdsOn
) -> Delivery | None:
    """What of a CPLI's whole weeks is to be said: None where delivery is near what is commissioned, or nobody can tell.

    ``mondays`` are those of `whole_weeks`; ``seconds`` the delivered and frustrated time by Monday. All weeks are
    compared with the Quantity, and priced with the unit cost, of the newest's Sunday.
    """
    if not mondays:
        return None
    term = term_on(plan.terms, sunday_of(mondays[0]))
    commissioned = Fraction(term.quantity)
    if not commissioned:
        return None
    weeks = tuple(DeliveredWeek(monday, Fraction(seconds.get(monday, 0), 3600)) for monday in mondays)
    direction = find_direction(weeks, commissioned, thresholds_on)
    if direction is None:
        return None
    median = median_of([week.hours for week in weeks])
    saving = (commissioned - median) * Fraction(term.unit_cost) * WEEKS_IN_A_YEAR
    charges = charge_of(term, commissioned) - charge_of(term, median)
    return Delivery(direction, commissioned, median, saving, charges * WEEKS_IN_A_YEAR, weeks)


def find_direction(
    weeks: Iterable[DeliveredWeek], commissioned: Fraction, thresholds_on: ThresholdsOn
) -> str | None:
    """``under`` or ``over`` where enough of the weeks are; each by the thresholds of its Monday."""
    under = over = wanted = 0
    for monday, hours in weeks:
        thresholds = thresholds_on(monday)
        wanted = wanted or thresholds.weeks_wanted
        under += hours * 100 < commissioned * thresholds.under_delivery_per_cent
        over += hours * 100 > commissioned * thresholds.over_delivery_per_cent
    if under >= wanted:
        return "under"
    return "over" if over >= wanted else None


def median_of(hours: Iterable[Fraction]) -> Fraction:
    """The middle one; of an even number the mean of the middle two."""
    in_order = sorted(hours)
    middle, is_odd = divmod(len(in_order), 2)
    return in_order[middle] if is_odd else (in_order[middle - 1] + in_order[middle]) / 2


def charge_of(term: Term, hours: Fraction) -> Fraction:
    """RULES 7 for a week of this CPLI alone: its cost, but never more than the client is assessed for."""
    cost = hours * Fraction(term.unit_cost)
    limit: Decimal | None = term.assessed_contribution
    return cost if limit is None else min(cost, Fraction(limit))
