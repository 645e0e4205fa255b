"""Which visits made a measure (RULES 16), by the rules that count them. Pure: values in, values out."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.matching.measures.rules import (
    CANCELLED,
    FRUSTRATED,
    HOSPITAL,
    CriticalSlot,
    DayOfSlots,
    MeasuredCare,
    MeasuredVisit,
    entries_by_day,
    is_early,
    is_late,
    is_short,
    is_under_30,
    is_very_late,
)
from services.matching.measures.thresholds import Thresholds, ThresholdsOn

NamedVisit = tuple[str, MeasuredVisit]
"""VisitRef and visit."""
OF_TYPES = {"frustrated": FRUSTRATED, "cancelled": CANCELLED, "hospital": HOSPITAL}
DELIVERED_ALL = {"delivered", "hours_delivered", "logged_share", "continuity"}
"""Measures of all delivered visits; the others leave one diary out."""


class Listed(NamedTuple):
    """Something that made a measure on a day: a visit, a day of too few visits, or a time-critical slot."""

    day: date
    refs: tuple[str, ...] = ()
    visit: MeasuredVisit | None = None
    short: DayOfSlots | None = None
    slot: CriticalSlot | None = None

    def in_order(self) -> tuple[date, int, int, tuple[str, ...]]:
        """By day, then by planned entry or line item."""
        if self.visit is not None:
            return self.day, 0, self.visit.planned_entry, self.refs
        if self.short is not None:
            return self.day, 1, self.short.cpli_id, self.refs
        return self.day, 2, self.slot.entry if self.slot else 0, self.refs


Counts = Callable[[MeasuredVisit, Thresholds, Sequence[int]], bool]
"""Whether a delivered visit counts, by what holds on its day and the planned entries of its client's day."""

COUNTED: Mapping[str, Counts] = {
    "delivered": lambda visit, thresholds, entries: True,
    "hours_delivered": lambda visit, thresholds, entries: True,
    "late": lambda visit, thresholds, entries: is_late(visit, thresholds),
    "early": lambda visit, thresholds, entries: is_early(visit, thresholds),
    "very_late": lambda visit, thresholds, entries: is_very_late(visit, entries),
    "missed": lambda visit, thresholds, entries: (
        bool(thresholds.very_late_is_missed) and is_very_late(visit, entries)
    ),
    "short": lambda visit, thresholds, entries: is_short(visit, thresholds),
    "logged_share": lambda visit, thresholds, entries: not visit.is_overridden,
    "under_30_share": lambda visit, thresholds, entries: is_under_30(visit, thresholds),
    "continuity": lambda visit, thresholds, entries: bool(visit.carer_ref),
}
VISITS_OF = OF_TYPES.keys() | COUNTED.keys()
"""The measures that visits made; for *missed* those that are very late, where they count as missed."""


def list_visits(
    named: Sequence[NamedVisit],
    care: Mapping[int, MeasuredCare],
    measure: str,
    delivered_types: Collection[str],
    thresholds_on: ThresholdsOn,
    *,
    is_rest: bool = False,
) -> Iterator[Listed]:
    """The visits that made a measure; with ``is_rest`` those that it looked at and did not count.

    ``named``: whole days of visits of the CPLIs in ``care``.
    """
    if measure in OF_TYPES:
        yield from (Listed(v.planned_on, (ref,), v) for ref, v in named if v.visit_type in OF_TYPES[measure])
        return
    entries, counts = entries_by_day(visit for _, visit in named), COUNTED[measure]
    for ref, visit in named:
        if visit.visit_type not in delivered_types:
            continue
        if measure not in DELIVERED_ALL and care[visit.cpli_id].is_one_diary:
            continue
        of_day = entries[visit.client_id, visit.planned_on]
        if counts(visit, thresholds_on(visit.planned_on), of_day) != is_rest:
            yield Listed(visit.planned_on, (ref,), visit)
