"""Which CPLI each visit is of (RULES 5)."""

import datetime as dt
from collections import Counter, defaultdict

from tests.oracle.facts.care import Care
from tests.oracle.facts.lists import LEVELS_WITH_VISITS
from tests.oracle.facts.packages import Package
from tests.oracle.facts.reading import identifiers_of
from tests.oracle.facts.values import monday_of
from tests.oracle.facts.visits import Visit, Visits
from tests.oracle.money.one_offs import is_one_off

Matches = dict[tuple[int, str], int]
"""CPLIs by organisation and VisitRef."""
Fitting = tuple[Visit, list[Package]]
"""A visit and the packages that it fits, those that began first before the others."""


def match_visits(care: Care, visits: Visits) -> tuple[Matches, Counter[str]]:
    """The CPLI of every matched visit, and the reasons of the others."""
    reasons: Counter[str] = Counter()
    matched: Matches = {}
    groups: dict[tuple[int, int, dt.date], list[Fitting]] = defaultdict(list)
    packages: dict[tuple[int, int], list[Package]] = defaultdict(list)
    for package in care.packages.values():
        packages[package.organisation, package.client].append(package)
    for visit in visits.by_ref.values():
        if visit.deleted:
            continue
        client = care.people.meant_on(identifiers_of(visit.cells)[0], visit.planned)
        left, reason = narrow(care, visit, visits.service_of(visit), packages[visit.organisation, client])
        if not left:
            reasons[reason] += 1
            continue
        left.sort(key=lambda p: (p.start, p.cpli_id))
        groups[visit.organisation, client, monday_of(visit.planned)].append((visit, left))
    for group in groups.values():
        matched |= match_group(group)
    return matched, reasons


def match_group(group: list[Fitting]) -> Matches:
    """The visits of a client to an organisation in a week: by slot or where one package is left, then by room."""
    matched: Matches = {}
    taken: Counter[int] = Counter()
    rest = []
    for visit, left in group:
        slotted = [p for p in left if visit.slot in p.slots]
        if slotted or len(left) == 1:
            chosen = (slotted or left)[0]
            matched[visit.organisation, visit.ref] = chosen.cpli_id
            taken[chosen.cpli_id] += visit.planned_seconds
        else:
            rest.append((visit, left))
    rest.sort(key=lambda one: (one[0].planned, one[0].cells["PlannedEntryTime"], one[0].ref))
    for visit, left in rest:
        chosen = left[0]
        for package in left:
            room = package.term_on(visit.planned).quantity * 3600 - taken[package.cpli_id]
            if room >= visit.planned_seconds:
                chosen = package
                break
        matched[visit.organisation, visit.ref] = chosen.cpli_id
        taken[chosen.cpli_id] += visit.planned_seconds
    return matched


def narrow(care: Care, visit: Visit, service: int | None, left: list[Package]) -> tuple[list[Package], str]:
    """The packages that a visit fits, and where none does, why."""
    cells, day = visit.cells, visit.planned
    if not left:
        return [], "no_package"
    steps = (
        ("wrong_service", lambda p: service is None or p.service == service),
        ("wrong_service_level", lambda p: p.level == cells["ServiceLevel"]),
        ("visits_not_required", lambda p: p.level in LEVELS_WITH_VISITS and not is_one_off(p)),
        ("invoice_case", lambda p: p.method == "Visits"),
        ("not_authorised", lambda p: p.authorised),
        ("suspended", lambda p: not p.is_suspended_on(day) and not care.is_away(p, day)),
    )
    for reason, keeps in steps:
        left = [p for p in left if keeps(p)]
        if not left:
            return [], reason
    if all(day < p.start for p in left):
        return [], "before_start"
    if all(day > p.end for p in left):
        return [], "after_end"
    return [p for p in left if p.start <= day <= p.end], "between_packages"
