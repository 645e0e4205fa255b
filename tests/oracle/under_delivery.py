"""Consistent under- and over-delivery a second time: week by week, from the files' facts alone (RULES 16)."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.books import Oracle
from tests.oracle.facts.lists import DELIVERED, FRUSTRATED, LEVELS_WITH_VISITS
from tests.oracle.facts.packages import Package
from tests.oracle.facts.values import fold, monday_of, signed
from tests.oracle.matches import match_visits

DAY = dt.timedelta(days=1)
Seconds = dict[tuple[int, dt.date], int]
"""Delivered and frustrated, by CPLI and Monday."""


class Delivery(NamedTuple):
    """A CPLI of which too little or too much is delivered, as it is shown: hours a week, pounds a year."""

    organisation: str
    direction: str
    commissioned_hours: str
    delivered_hours: str
    median_hours: str
    saving: str
    client_saving: str


def find_under_delivery(oracle: Oracle) -> dict[int, Delivery]:
    """All that is to be listed, by CPLI; organisations by their folded names."""
    seconds = seconds_by_week(oracle)
    sent: dict[int, set[dt.date]] = defaultdict(set)
    this_week = monday_of(dt.datetime.now(dt.UTC).date())
    for visit in oracle.visits.by_ref.values():
        if not visit.deleted and monday_of(visit.planned) < this_week:
            sent[visit.organisation].add(monday_of(visit.planned))
    found = {}
    for package in oracle.care.packages.values():
        weeks = [m for m in sorted(sent[package.organisation]) if is_whole(oracle, package, m)]
        if weeks and is_looked_at(package):
            delivery = judge(oracle, package, weeks, seconds)
            if delivery:
                found[package.cpli_id] = delivery
    return found


def seconds_by_week(oracle: Oracle) -> Seconds:
    """What the matched visits of each CPLI come to."""
    found: Seconds = defaultdict(int)
    matches, _ = match_visits(oracle.care, oracle.visits)
    for key, cpli_id in matches.items():
        visit = oracle.visits.by_ref[key]
        if visit.cells["VisitType"] in DELIVERED:
            found[cpli_id, monday_of(visit.planned)] += visit.delivered_seconds
        elif visit.cells["VisitType"] in FRUSTRATED:
            found[cpli_id, monday_of(visit.planned)] += visit.planned_seconds
    return found


def is_looked_at(package: Package) -> bool:
    """Whether hours of visits are expected of it at all."""
    is_of_visits = package.method == "Visits" and package.level in LEVELS_WITH_VISITS
    return package.unit == "Hr" and package.authorised and is_of_visits


def is_whole(oracle: Oracle, package: Package, monday: dt.date) -> bool:
    """Whether it is in force and not suspended on each day of a week."""
    return all(
        package.start <= day <= package.end
        and not package.is_suspended_on(day)
        and not oracle.care.is_away(package, day)
        for day in (monday + n * DAY for n in range(7))
    )


def judge(oracle: Oracle, package: Package, weeks: list[dt.date], seconds: Seconds) -> Delivery | None:
    """Of whole weeks, the oldest first: by the quantity, unit cost and contribution of the newest's Sunday."""
    on = oracle.thresholds.on
    newest = weeks[-1]
    looked_at = weeks[-on("weeks_looked_at", newest) :]
    term = package.term_on(newest + 6 * DAY)
    commissioned, rate = Fraction(term.quantity), Fraction(term.unit_cost)
    if not commissioned:
        return None
    hours = {monday: Fraction(seconds.get((package.cpli_id, monday), 0), 3600) for monday in looked_at}
    shares = {monday: 100 * of_week / commissioned for monday, of_week in hours.items()}
    under = [m for m, share in shares.items() if share < on("under_delivery_per_cent", m)]
    over = [m for m, share in shares.items() if share > on("over_delivery_per_cent", m)]
    wanted = on("weeks_wanted", newest)
    if max(len(under), len(over)) < wanted:
        return None
    in_order = sorted(hours.values())
    median = (in_order[len(in_order) // 2] + in_order[(len(in_order) - 1) // 2]) / 2
    costs = [commissioned * rate, median * rate]
    limit = None if term.contribution is None else Fraction(term.contribution)
    charges = [cost if limit is None else min(cost, limit) for cost in costs]
    return Delivery(
        fold(oracle.care.names[package.organisation]),
        "under" if len(under) >= wanted else "over",
        signed(commissioned),
        signed(sum(in_order, Fraction()) / len(in_order)),
        signed(median),
        signed(52 * (costs[0] - costs[1])),
        signed(52 * (charges[0] - charges[1])),
    )
