"""What is doubtful in a visits file as a whole (RULES 3): each once, with how many rows and the first. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from libs.common.files.identifiers import NO_VALUES, is_spreadsheet_number
from libs.common.files.warnings import FileWarning
from services.ingest.rows import headings
from services.ingest.rows.facts import Visit
from services.ingest.rows.names import Lists

Accepted = Sequence[tuple[int, Visit]]

MESSAGES = {
    "empty_words": "{rows} a word such as NULL or N/A where a reference belongs, from row {row} on; it counts as empty.",
    "spreadsheet_number": "{rows} a VisitRef that a spreadsheet made of a long number, such as {value} in row {row}: two"
    " visits may now have the same one, and the later replaces the earlier. Take the references from your rostering"
    " program again.",
    "long_ago": "{rows} planned more than a year ago, from row {row} on: check the year.",
    "month_first": "{rows} a date that can only have its month first, such as {value} in row {row}, and no date in the"
    " file can only have its day first: the other dates may be read wrongly. Dates are read day first; save the"
    " column so.",
    "another_hour": "{rows} a delivered entry about an hour {way} the planned one, from row {row} on, which is nearly all:"
    " check whether your system sends times in UTC. Times are London’s.",
    "as_planned_to_the_minute": "Every delivered visit has exactly the planned times and none was overridden, from row"
    " {row} on ({rows} that): check that the times are those of the logs.",
    "moved": "{rows} a visit that was sent before to another week or client, from row {row} on: check that no VisitRef was"
    " used twice.",
}
"""What a sentence says of its rows: 'One row has', '12 rows have'."""

_VERBS = {"long_ago": ("is", "are"), "moved": ("moves", "move")}
_FEWEST_VISITS = 20
_DAY_SECONDS = 24 * 3600
_ABOUT_AN_HOUR = (45 * 60, 75 * 60)
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})([/\- ])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})")
_IDENTIFIERS = (
    headings.VISIT_REF,
    *headings.CLIENT,
    headings.CARER_REF,
    headings.SERVICE_LEVEL_REF,
    headings.SERVICE_REF,
    headings.ORGANISATION_REF,
)


def warning(code: str, numbers: Sequence[int], **facts: object) -> FileWarning:
    """The warning of these rows, in order; there is at least one."""
    return warning_of(code, len(numbers), numbers[0], **facts)


def warning_of(code: str, rows: int, first: int, **facts: object) -> FileWarning:
    """The warning of so many rows, and the first of them."""
    one, many = _VERBS.get(code, ("has", "have"))
    count = f"One row {one}" if rows == 1 else f"{rows:,} rows {many}"
    message = MESSAGES[code].format(rows=count, row=first, **facts)
    return FileWarning(code, rows, first, message)


@dataclass(slots=True)
class Tally:
    """How many rows there are of a kind, the first of them, and what that one says."""

    rows: int = 0
    first: int = 0
    value: str = ""

    def add(self, row: int, value: str = "") -> None:
        """One more; rows come in their order."""
        if not self.rows:
            self.first, self.value = row, value
        self.rows += 1

    def join(self, other: "Tally") -> None:
        """As if the rows of the other had been added too."""
        if other.rows and (not self.rows or other.first < self.first):
            self.first, self.value = other.first, other.value
        self.rows += other.rows


@dataclass(slots=True)
class FileWarnings:
    """What the rows of a file give together, counted while they pass: none of them is kept."""

    uploaded_on: dt.date
    accepted: int = 0
    delivered: int = 0
    empty_words: Tally = field(default_factory=Tally)
    has_empty_ref: bool = False
    has_empty_word: bool = False
    """in what was remembered of the file, and is forgotten"""
    spreadsheet_numbers: Tally = field(default_factory=Tally)
    long_ago: Tally = field(default_factory=Tally)
    before: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)
    as_planned: Tally = field(default_factory=Tally)
    is_not_as_planned: bool = False
    month_first: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """by the planned and the delivered date of rows, where they can only have their month first"""
    dates_month_first: set[str] = field(default_factory=set)
    has_day_first: bool = False

    def look_at(self, row: int, cells: Sequence[str]) -> None:
        """A row as it is written, whatever becomes of it."""
        if not NO_VALUES.isdisjoint(cells) and not NO_VALUES.isdisjoint([cells[c] for c in _IDENTIFIERS]):
            self.empty_words.add(row)
            self.has_empty_ref = self.has_empty_ref or cells[headings.VISIT_REF] in NO_VALUES
        ref = cells[headings.VISIT_REF]
        if "+" in ref and is_spreadsheet_number(ref):
            self.spreadsheet_numbers.add(row, ref)
        planned, delivered = cells[headings.PLANNED_DATE], cells[headings.DELIVERED_DATE]
        if is_month_first(planned) or is_month_first(delivered):
            self.month_first.setdefault((planned, delivered), Tally()).add(row)

    def take(self, accepted: Accepted) -> None:
        """Rows that are accepted."""
        self.accepted += len(accepted)
        a_year_ago = _year_before(self.uploaded_on)
        for row, visit in accepted:
            if visit.planned_on < a_year_ago:
                self.long_ago.add(row)
            if visit.delivered_entry is not None:
                self._take_delivered(row, visit, visit.delivered_entry)

    def _take_delivered(self, row: int, visit: Visit, entry: int) -> None:
        self.delivered += 1
        seconds = entry - visit.planned_entry
        if seconds == 0 and visit.delivered_exit == visit.planned_exit:
            if visit.entry_overridden or visit.exit_overridden:
                self.is_not_as_planned = True
            else:
                self.as_planned.add(row)
            return
        self.is_not_as_planned = True
        shortest, longest = _ABOUT_AN_HOUR
        seconds = (seconds + _DAY_SECONDS // 2) % _DAY_SECONDS - _DAY_SECONDS // 2  # past midnight
        if shortest <= seconds <= longest:
            self.after.add(row)
        elif shortest <= -seconds <= longest:
            self.before.add(row)

    def remember(self, lists: Lists) -> None:
        """What the lists remember of the file, before they forget it."""
        pairs = chain(lists.levels, lists.services, lists.organisations)
        written = chain(chain.from_iterable(lists.clients), lists.carers, (ref for ref, _ in pairs))
        self.has_empty_word = self.has_empty_word or not NO_VALUES.isdisjoint(written)
        for text in lists.dates:
            if is_month_first(text):
                self.dates_month_first.add(text)
            elif is_day_first(text):
                self.has_day_first = True

    def found(self, lists: Lists) -> list[FileWarning]:
        """All warnings that the file's rows themselves give."""
        self.remember(lists)
        return [
            *self._empty_words(),
            *self._said("spreadsheet_number", self.spreadsheet_numbers, value=self.spreadsheet_numbers.value),
            *self._said("long_ago", self.long_ago),
            *self._month_first(),
            *self._another_hour(),
            *self._as_planned_to_the_minute(),
        ]

    def _said(self, code: str, tally: Tally, **facts: object) -> Iterator[FileWarning]:
        if tally.rows:
            yield warning_of(code, tally.rows, tally.first, **facts)

    def _empty_words(self) -> Iterable[FileWarning]:
        if self.has_empty_word or self.has_empty_ref:
            yield from self._said("empty_words", self.empty_words)

    def _month_first(self) -> Iterable[FileWarning]:
        """Some dates can only be month first (08/13/22) and none only day first."""
        if self.has_day_first:
            return
        known, tally = self.dates_month_first, Tally()
        for (planned, delivered), rows in self.month_first.items():
            text = planned if planned in known else delivered if delivered in known else ""
            if text:
                tally.join(Tally(rows.rows, rows.first, text))
        yield from self._said("month_first", tally, value=tally.value)

    def _another_hour(self) -> Iterable[FileWarning]:
        """Nine of ten delivered entries lie between 45 and 75 minutes before the planned ones, or after (times in UTC)."""
        if self.accepted < _FEWEST_VISITS:
            return
        for tally, way in ((self.before, "before"), (self.after, "after")):
            if tally.rows * 10 >= self.delivered * 9:
                yield from self._said("another_hour", tally, way=way)

    def _as_planned_to_the_minute(self) -> Iterable[FileWarning]:
        """Every delivered time equals the planned one and none is overridden."""
        if self.accepted >= _FEWEST_VISITS and not self.is_not_as_planned:
            yield from self._said("as_planned_to_the_minute", self.as_planned)


def is_month_first(text: str) -> bool:
    """Whether a date can only have its month first."""
    return _order_of(text) == "month"


def is_day_first(text: str) -> bool:
    """Whether a date can only have its day first."""
    return _order_of(text) == "day"


@lru_cache(maxsize=8_192)
def _order_of(text: str) -> str:
    found = _DAY_AND_MONTH.fullmatch(text)
    if found is None:
        return ""
    first, second = int(found[1]), int(found[3])
    return "day" if first > 12 >= second else "month" if second > 12 >= first else ""


def _year_before(day: dt.date) -> dt.date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
