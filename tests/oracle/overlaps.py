"""One carer in two places, and what is at stake, a second time: each visit with each other, from the files' facts (RULES 16)."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from tests.oracle.books import Oracle
from tests.oracle.facts.lists import DELIVERED
from tests.oracle.facts.visits import Visit
from tests.oracle.matches import match_visits

EPOCH = dt.date(2000, 1, 1)


class Together(NamedTuple):
    """Two visits of one organisation's carer, who began the first no later: seconds, why it looks left running, pence."""

    first: str
    second: str
    seconds: int
    left_running: tuple[str, ...]
    pence: int | None


def overlaps_within(oracle: Oracle, first: dt.date, last: dt.date) -> dict[str, set[Together]]:
    """Those of which the first visit was delivered between two days, by the name that care writes."""
    matches, _ = match_visits(oracle.care, oracle.visits)
    of_carer: dict[tuple[int, str], list[Visit]] = defaultdict(list)
    for visit in oracle.visits.by_ref.values():
        if not visit.deleted and visit.cells["VisitType"] in DELIVERED and visit.cells["CarerRef"]:
            of_carer[visit.organisation, visit.cells["CarerRef"]].append(visit)
    found: dict[str, set[Together]] = defaultdict(set)
    for (organisation, _), visits in of_carer.items():
        for pair in combinations(sorted(visits, key=lambda visit: (begun(visit), visit.ref)), 2):
            one, other = pair
            seconds = min(ended(one), ended(other)) - begun(other)
            if seconds < 60 or not first <= one.cells["DeliveredVisitDate"] <= last:
                continue
            paid = [rate_of(oracle, visit, matches) for visit in pair]
            rate = next((rate for rate in paid if rate is not None), None)
            pence = None if rate is None else (seconds * rate / 36 + Fraction(1, 2)).__floor__()
            signs = []
            if -300 <= ended(one) - ended(other) <= 300:
                signs.append("ended_together")
            if one.delivered_seconds >= 7200 and one.planned_seconds <= 1800:
                signs.append("too_long")
            name = oracle.care.names.get(organisation, "")
            found[name].add(Together(one.ref, other.ref, seconds, tuple(signs), pence))
    return found


def rate_of(oracle: Oracle, visit: Visit, matches: dict[tuple[int, str], int]) -> Fraction | None:
    """Pounds an hour of a visit that is matched to care of hours."""
    cpli_id = matches.get((visit.organisation, visit.ref))
    if cpli_id is None or oracle.care.packages[cpli_id].unit != "Hr":
        return None
    return Fraction(oracle.care.packages[cpli_id].term_on(visit.planned).unit_cost)


def begun(visit: Visit) -> int:
    """In seconds since a day long ago."""
    entry: int = visit.cells["DeliveredEntryTime"]
    return (visit.cells["DeliveredVisitDate"] - EPOCH).days * 86_400 + entry


def ended(visit: Visit) -> int:
    return begun(visit) + visit.delivered_seconds
