"""What events say, by the event: the bodies that one service emits and others hear (`libs.common.messaging.bodies`
checks them where they come in)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict


class VisitColumns(TypedDict):
    """Visits, a column a fact; entries and exits in seconds since the planned day's midnight, so that an entry on the
    next day is 86,400 or more. The n-th of each is the n-th visit's.
    """

    visit_ref: list[str]
    version: list[int]
    deleted: list[bool]
    ssref: list[str]
    client_ref: list[str]
    nhs_number: list[str]
    service_level: list[str]
    service_ref: list[str]
    service_name: list[str]
    visit_type: list[str]
    planned_on: list[str]
    planned_entry: list[int]
    planned_exit: list[int]
    delivered_seconds: list[int | None]
    delivered_entry: list[int | None]
    entry_overridden: list[bool]
    exit_overridden: list[bool]
    carer_ref: list[str]


class VisitsChanged(TypedDict):
    """``visits_changed``: visits of an organisation as they are now."""

    organisation_id: str
    columns: VisitColumns


class VisitsChecked(TypedDict):
    """``visits_checked``: what a file would change, in bodies of ``visits_changed`` in the object store."""

    file_id: str
    check_version: int
    object_key: str


class FileWanted(TypedDict):
    """``check_wanted`` and ``apply_wanted``: a visits file."""

    file_id: str


class LineOfWeek(NamedTuple):
    """A line of an actual: its days, what was entered, and how many visits (None where nobody said).

    In JSON a list of these in their order.
    """

    first_on: str
    last_on: str
    delivered_seconds: int
    frustrated_seconds: int
    visits: int | None


class ActualSaid(NamedTuple):
    """A CPLI's week that was saved, with all of its lines; in JSON a list of these in their order."""

    cpli_id: int
    monday: str
    version: int
    lines: list[LineOfWeek]


class ActualsChanged(TypedDict):
    """``actuals_changed``: saved weeks of an organisation as they are now."""

    organisation_id: str
    weeks: list[ActualSaid]


class DoubtFound(TypedDict):
    """One doubt of ``doubts_found``; what its ``evidence`` holds follows from its kind."""

    doubt_id: str
    kind: str
    client: str
    visits: list[str]
    cpli_id: int | None
    first_on: str
    last_on: str
    evidence: dict[str, object]


class DoubtsFound(TypedDict):
    """``doubts_found``: all that one finder doubts of an organisation's week, also when that is nothing.

    ``silent_visits``: the week's visits of one diary, which only matching knows; whatever finder doubts them singly,
    disputes does not show it.
    """

    finder: str
    organisation_id: str
    monday: str
    version: int
    doubts: list[DoubtFound]
    silent_visits: NotRequired[list[str]]


class VisitOfWeek(NamedTuple):
    """A matched visit; in JSON a list of these in their order. Entry and exit are seconds since midnight."""

    visit_ref: str
    visit_type: str
    planned_on: str
    planned_entry: int
    planned_exit: int
    delivered_seconds: int | None


def read_visits(rows: Iterable[Sequence[Any]]) -> Iterator[VisitOfWeek]:
    """Visits of a week that were read from JSON, where each is a list. Raises TypeError for one of another length."""
    return map(VisitOfWeek._make, rows)


class WeekLines(TypedDict):
    """The lines of an actual (RULES 13): there, be it none, where the CPLI is paid by actuals and the week was saved."""

    lines: NotRequired[list[LineOfWeek]]


class WeekVisits(WeekLines):
    """A CPLI's week, by its Monday, with all of its visits, or with the lines of an actual."""

    cpli_id: int
    monday: str
    visits: list[VisitOfWeek]


class WeekForecast(TypedDict):
    """A CPLI's week as it is and as a checked file would leave it; ``moved``: those that go elsewhere, by VisitRef."""

    cpli_id: int
    before: list[VisitOfWeek]
    after: list[VisitOfWeek]
    moved: list[str]


class UnmatchedForecast(NamedTuple):
    """A visit of a checked file that would have no match: why, and about how many pounds it would pay if it had one.

    In JSON a list of these in their order.
    """

    visit_ref: str
    reason: str
    amount: str


class PossibleDuplicate(NamedTuple):
    """A visit of a checked file, and another VisitRef with the same client, carer, date and times: of the file too, or
    of a stored visit. In JSON a list of these in their order.
    """

    visit_ref: str
    other_ref: str


class UnmatchedOfReason(NamedTuple):
    """How many visits of a checked file would have no match for a reason, and about how many pounds these are.

    In JSON a list of these in their order.
    """

    reason: str
    visits: int
    amount: str


class WillMatch(TypedDict):
    """``will_match`` of ``weeks_forecast`` and ``file_forecast``: what would become of the visits that a file stores.

    ``unmatched_key``: the list of `UnmatchedForecast`; ``duplicates_key``: that of `PossibleDuplicate`. ``apart``: those
    of weeks that could not be matched. ``amount``: about how many pounds all without a match would pay.
    """

    unmatched_key: str
    duplicates_key: str
    matched: int
    apart: int
    unmatched: list[UnmatchedOfReason]
    amount: str


class WeekMatched(WeekVisits):
    """The same as it was matched: under which version of the CPLI's terms, for whom, and by whom it was delivered."""

    version: int
    terms_version: int
    client_id: str
    organisation_id: str


class WeeksMatched(TypedDict):
    """``weeks_matched``: the full state of each of these weeks; ``reason``: visits, actuals or care have changed."""

    reason: str
    weeks: list[WeekMatched]
