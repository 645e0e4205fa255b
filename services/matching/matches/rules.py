"""Matching a client's week of visits to care package line items (RULES 5). Pure: values in, values out."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from libs.common.care.terms import Term, term_on

SECONDS_IN_A_DAY = 86_400
CLOSE_TO_QUANTITY_SECONDS = 36
"""0.01 hours: quantities have two decimals, timetables have minutes."""

Slot = tuple[int, int, int]  # weekday (Monday is 0), entry and exit in seconds since midnight


@dataclass(frozen=True, slots=True)
class Cpli:
    """A care package line item as matching needs it; names are folded."""

    cpli_id: int
    client_id: str
    service_ref: str
    service_name: str
    service_level: str
    requires_visits: bool
    payment_method: str
    authorised: bool
    start_on: date
    end_on: date | None
    timetable: frozenset[Slot]
    suspensions: tuple[tuple[date, date], ...]
    terms: tuple[Term, ...]
    hourly: bool = True
    former_service_names: frozenset[str] = frozenset()
    is_one_off: bool = False


# The CPLIs that are left, and the reason when none is.
Candidates = tuple[Sequence[Cpli], str | None]


@dataclass(slots=True)
class Visit:
    """A visit as matching needs it; names are folded, times are seconds since midnight."""

    visit_ref: str
    service_ref: str
    service_name: str
    service_level: str
    planned_on: date
    planned_entry: int
    planned_exit: int

    @property
    def planned_seconds(self) -> int:
        """How long the visit was to last; an exit before the entry is on the next day."""
        return (self.planned_exit - self.planned_entry) % SECONDS_IN_A_DAY


class Match(NamedTuple):
    """Where a visit belongs: a CPLI, or the reason why it has none."""

    cpli_id: int | None
    reason: str | None


def weekly_seconds(cpli: Cpli, day: date) -> int:
    """The CPLI's weekly hours on ``day``, in seconds; a package without hours has none."""
    return int(term_on(cpli.terms, day).quantity * 3600) if cpli.hourly else 0


def carers_wanted(terms: Sequence[Term], timetable: Sequence[Sequence[int]], day: date) -> int | None:
    """RULES 2: the whole number whose timetable hours are within 0.01 of Quantity, else 1; None without a timetable.

    Two for double-handed care.
    """
    seconds = sum((exit_ - entry) % SECONDS_IN_A_DAY for _, entry, exit_ in timetable)
    if not seconds:
        return None
    quantity_seconds = term_on(terms, day).quantity * 3600
    carers = max(1, round(quantity_seconds / seconds))
    return carers if abs(carers * seconds - quantity_seconds) <= CLOSE_TO_QUANTITY_SECONDS else 1


def is_service(visit: Visit, cpli: Cpli) -> bool:
    """RULES 5: the visit's service, when it names one; ServiceRef stands for the name where care has a ref.

    A former name is still understood (RULES 2): the visit may have been sent before the service was renamed.
    """
    if visit.service_ref and (cpli.service_ref or not visit.service_name):
        return visit.service_ref == cpli.service_ref
    names = (cpli.service_name, *cpli.former_service_names)
    return not visit.service_name or visit.service_name in names


# RULES 5, the table, in its order: what each step keeps, and the reason when none is left.
STEPS_OF_CARE = (
    ("wrong_service", is_service),
    ("wrong_service_level", lambda visit, cpli: visit.service_level == cpli.service_level),
    # A one-off payment belongs to no week (RULES 2), so no visit is matched to it, whatever its level.
    ("visits_not_required", lambda visit, cpli: cpli.requires_visits and not cpli.is_one_off),
    ("invoice_case", lambda visit, cpli: cpli.payment_method == "Visits"),
    ("not_authorised", lambda visit, cpli: cpli.authorised),
)


def is_suspended(cpli: Cpli, day: date) -> bool:
    """Whether ``day`` is one of the CPLI's suspended days, both ends included."""
    return any(first <= day <= last for first, last in cpli.suspensions)


def runs_on(cpli: Cpli, day: date) -> bool:
    """Whether ``day`` is within the CPLI's start and end, both included."""
    return cpli.start_on <= day and (cpli.end_on is None or day <= cpli.end_on)


def narrow_by_care(visit: Visit, cplis: Sequence[Cpli]) -> Candidates:
    """The steps of RULES 5 that do not depend on the visit's date."""
    if not cplis:
        return cplis, "no_package"
    for reason, keeps in STEPS_OF_CARE:
        cplis = [cpli for cpli in cplis if keeps(visit, cpli)]
        if not cplis:
            return cplis, reason
    return cplis, None


def narrow_by_day(day: date, cplis: Sequence[Cpli]) -> Candidates:
    """The last two steps of RULES 5: not suspended on the day, then within start and end."""
    awake = [cpli for cpli in cplis if not is_suspended(cpli, day)]
    if not awake:
        return awake, "suspended"
    running = [cpli for cpli in awake if runs_on(cpli, day)]
    if running:
        return running, None
    if all(day < cpli.start_on for cpli in awake):
        return running, "before_start"
    if all(cpli.end_on is not None and day > cpli.end_on for cpli in awake):
        return running, "after_end"
    return running, "between_packages"


def candidate_finder(cplis: Sequence[Cpli]) -> Callable[[Visit], Candidates]:
    """Narrowing for one client's week; visits that say the same care on the same day share the answer."""
    by_care: dict[Hashable, Candidates] = {}
    by_day: dict[Hashable, Candidates] = {}

    def candidates_of(visit: Visit) -> Candidates:
        care = (visit.service_ref, visit.service_name, visit.service_level)
        known = by_day.get((care, visit.planned_on))
        if known is None:
            known = by_care.get(care) or by_care.setdefault(care, narrow_by_care(visit, cplis))
            if known[1] is None:
                known = narrow_by_day(visit.planned_on, known[0])
            by_day[care, visit.planned_on] = known
        return known

    return candidates_of


def match_week(visits: Iterable[Visit], cplis: Iterable[Cpli]) -> dict[str, Match]:
    """Match one client's visits of one week with one organisation (RULES 5).

    The result depends on the two sets alone, never on their order.
    Returns a Match for each VisitRef.
    """
    candidates_of = candidate_finder(sorted(cplis, key=lambda cpli: (cpli.start_on, cpli.cpli_id)))
    matches: dict[str, Match] = {}
    several: list[tuple[Visit, Sequence[Cpli]]] = []
    placed_seconds: dict[int, int] = {}
    for visit in visits:
        left, reason = candidates_of(visit)
        if reason is not None:
            matches[visit.visit_ref] = Match(None, reason)
            continue
        cpli = left[0] if len(left) == 1 else by_timetable(visit, left)
        if cpli is None:
            several.append((visit, left))
        else:
            matches[visit.visit_ref] = Match(cpli.cpli_id, None)
            placed_seconds[cpli.cpli_id] = placed_seconds.get(cpli.cpli_id, 0) + visit.planned_seconds
    matches.update(place_by_room(several, placed_seconds))
    return matches


def by_timetable(visit: Visit, cplis: Sequence[Cpli]) -> Cpli | None:
    """Step 1 of placing: the first CPLI with a slot of exactly this weekday, entry and exit."""
    slot = (visit.planned_on.weekday(), visit.planned_entry, visit.planned_exit)
    return next((cpli for cpli in cplis if slot in cpli.timetable), None)


def place_by_room(
    several: list[tuple[Visit, Sequence[Cpli]]], placed_seconds: dict[int, int]
) -> dict[str, Match]:
    """Step 2 of placing: the first CPLI whose weekly hours have room for the whole visit, else the first.

    ``placed_seconds`` says what step 1 placed on each CPLI, and is carried on here.
    """
    matches = {}
    several.sort(key=lambda pair: (pair[0].planned_on, pair[0].planned_entry, pair[0].visit_ref))
    for visit, cplis in several:
        needed = visit.planned_seconds
        cpli = next(
            (
                c
                for c in cplis
                if placed_seconds.get(c.cpli_id, 0) + needed <= weekly_seconds(c, visit.planned_on)
            ),
            cplis[0],
        )
        placed_seconds[cpli.cpli_id] = placed_seconds.get(cpli.cpli_id, 0) + needed
        matches[visit.visit_ref] = Match(cpli.cpli_id, None)
    return matches
