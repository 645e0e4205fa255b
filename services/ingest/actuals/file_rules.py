"""The rows of a file of actuals, read and put together week by week (RULES 13). Pure: cells in, values and errors out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from libs.common.care.actuals import ActualLine
from libs.common.files.actual_files import HEADINGS, parse_day, parse_hours
from libs.common.files.values import cleaned, control_character, parse_date, shown
from services.ingest.actuals.rules import LONGEST_COMMENT, MOST_VISITS, Fault, WeekAsked, faults_of_week
from services.ingest.rows.facts import RowError

(CPLI_ID, _, _, _, _, WEEK, DAY, _, DELIVERED, FRUSTRATED, VISITS, COMMENT) = range(len(HEADINGS))
LARGEST_ID: Final = 2**63 - 1
NOT_HOURS: Final = (
    "{column} “{value}” is no time: write hours and minutes, as 7:45 for seven and three quarter hours."
)

RawRow = tuple[int, tuple[str, ...]]
Key = tuple[int, dt.date]


@dataclass(slots=True)
class RowsOfWeek:
    """The rows of one actual as they were read; ``errors`` are what can't be read in them."""

    ref: str
    rows: list[int] = field(default_factory=list)
    days: list[tuple[int, dt.date, bool, int, int, int | None, str]] = field(default_factory=list)
    """row, first day, whether a run is meant, delivered, frustrated, visits, comment"""
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class JudgedWeek:
    """One actual of a file: all of its lines, or why it is rejected."""

    key: Key | None
    first_row: int
    rows: tuple[int, ...]
    lines: tuple[ActualLine, ...] = ()
    errors: tuple[RowError, ...] = ()


def weeks_of(raw_rows: Iterable[RawRow]) -> dict[tuple[str, str], tuple[Key | None, RowsOfWeek]]:
    """The rows of a file by their actual, in the order in which they come."""
    found: dict[tuple[str, str], tuple[Key | None, RowsOfWeek]] = {}
    for number, values in raw_rows:
        cells = [cleaned(value, is_prose=column == COMMENT) for column, value in enumerate(values)]
        cpli_id, monday = _cpli_id(cells[CPLI_ID]), parse_date(cells[WEEK])
        is_monday = monday is not None and not monday.weekday()
        key = (cpli_id, monday) if cpli_id is not None and monday is not None and is_monday else None
        written = (str(key[0]), key[1].isoformat()) if key else (cells[CPLI_ID], cells[WEEK])
        _, week = found.setdefault(written, (key, RowsOfWeek(shown("/".join(written)))))
        week.rows.append(number)
        if cpli_id is None:
            sentence = f"CpliId “{shown(cells[CPLI_ID])}” is no number of a care package line item."
            week.errors.append(_error(number, week, CPLI_ID, "unreadable", sentence, cells))
        if monday is None:
            sentence = f"Week “{shown(cells[WEEK])}” is no date: write the week’s Monday, as 2022-10-03."
            week.errors.append(_error(number, week, WEEK, "unreadable", sentence, cells))
        elif not is_monday:
            sentence = "Week is no Monday: a week is named by its Monday."
            week.errors.append(_error(number, week, WEEK, "not_a_monday", sentence, cells))
        _read_line(number, cells, key, week)
    return found


def _read_line(number: int, cells: Sequence[str], key: Key | None, week: RowsOfWeek) -> None:
    """Read what a row says of its line; what can't be read goes into the week's errors."""
    before = len(week.errors)
    if len(cells) > len(HEADINGS):
        sentence = f"The row has text beyond the last column (“{shown(cells[-1])}”): its cells have shifted."
        week.errors.append(RowError(number, week.ref, "", "shifted", sentence, cells[-1]))
    day = parse_day(cells[DAY], key[1]) if key else None
    if key and day is None:
        sentence = f"Day “{shown(cells[DAY])}” is none of this week: write Mon to Sun, or From and a date for a run of days."
        week.errors.append(_error(number, week, DAY, "unreadable", sentence, cells))
    delivered = parse_hours(cells[DELIVERED])
    frustrated = parse_hours(cells[FRUSTRATED] or "0:00")
    for column, seconds in ((DELIVERED, delivered), (FRUSTRATED, frustrated)):
        if seconds is None:
            sentence = NOT_HOURS.format(column=HEADINGS[column], value=shown(cells[column]))
            week.errors.append(_error(number, week, column, "unreadable", sentence, cells))
    visits = int(cells[VISITS]) if _is_count(cells[VISITS]) else None
    if cells[VISITS] and visits is None:
        sentence = f"Visits “{shown(cells[VISITS])}” is no number from 0 to {MOST_VISITS}."
        week.errors.append(_error(number, week, VISITS, "unreadable", sentence, cells))
    if len(cells[COMMENT]) > LONGEST_COMMENT:
        sentence = f"The comment is longer than {LONGEST_COMMENT:,} characters."
        week.errors.append(_error(number, week, COMMENT, "too_long", sentence, cells))
    elif control_character(cells[COMMENT], but="\r\n\t"):
        sentence = "The comment holds a control character: take it out."
        week.errors.append(_error(number, week, COMMENT, "control_character", sentence, cells))
    if len(week.errors) == before and day is not None and delivered is not None and frustrated is not None:
        week.days.append((number, *day, delivered, frustrated, visits, cells[COMMENT]))


def judge_week(key: Key | None, week: RowsOfWeek, asked: WeekAsked | Fault) -> JudgedWeek:
    """Judge the rows of one actual, which are taken together or rejected together; a fault is about the whole."""
    errors = list(week.errors)
    lines: tuple[ActualLine, ...] = ()
    if key is not None and isinstance(asked, Fault):
        errors.append(_error_of_week(week, asked))
    elif key is not None and isinstance(asked, WeekAsked):
        rows_of, entered = _lines_of(week, asked)
        lines = (*asked.filled(entered), *_repeated(entered))
        if not errors:
            errors += _errors_of_faults(week, rows_of, faults_of_week(lines, asked))
    return JudgedWeek(
        key, week.rows[0], tuple(week.rows), lines, tuple(sorted(errors, key=lambda error: error.row))
    )


def _repeated(lines: Iterable[ActualLine]) -> Iterator[ActualLine]:
    """Those whose days an earlier one has."""
    named: set[tuple[dt.date, dt.date]] = set()
    for line in lines:
        days = line.first_on, line.last_on
        if days in named:
            yield line
        named.add(days)


def _lines_of(
    week: RowsOfWeek, asked: WeekAsked
) -> tuple[dict[tuple[dt.date, dt.date], list[int]], list[ActualLine]]:
    """The lines that rows name, and the rows of each: a run ends where the plan's, or the saved one, does."""
    runs = {line.first_on: line.last_on for line in asked.saved if line.first_on != line.last_on}
    runs |= {line.first_on: line.last_on for line in asked.planned if line.first_on != line.last_on}
    rows_of: dict[tuple[dt.date, dt.date], list[int]] = {}
    entered = []
    for row, first_on, is_run, delivered, frustrated, visits, comment in week.days:
        last_on = runs.get(first_on, first_on) if is_run else first_on
        rows_of.setdefault((first_on, last_on), []).append(row)
        entered.append(ActualLine(first_on, last_on, delivered, frustrated, visits, comment))
    return rows_of, entered


def _errors_of_faults(
    week: RowsOfWeek, rows_of: Mapping[tuple[dt.date, dt.date], list[int]], faults: Iterable[Fault]
) -> Iterator[RowError]:
    for fault in dict.fromkeys(faults):  # rows of one line may all be wrong in the same way
        rows = rows_of.get(fault.line, week.rows[:1]) if fault.line else week.rows[:1]
        for row in rows:
            yield RowError(row, week.ref, fault.column, fault.code, fault.message, "")


def together(weeks: Iterable[JudgedWeek]) -> Iterator[RowError]:
    """For the rejected rows to download: why the rows are rejected that are right themselves."""
    for week in weeks:
        if week.errors:
            wrong = {error.row for error in week.errors}
            for row in week.rows:
                if row not in wrong:
                    sentence = "Another row of this week is rejected; the rows of a week are taken together."
                    yield RowError(row, "", "", "rejected_together", sentence, "")


def judge_rows(
    raw_rows: Iterable[RawRow], asked_of: Callable[[Iterable[Key]], Mapping[Key, WeekAsked | Fault]]
) -> list[JudgedWeek]:
    """Every actual of a file, judged. ``asked_of`` says what of each week is planned and saved, or its fault."""
    weeks = weeks_of(raw_rows)
    asked = asked_of([key for key, _ in weeks.values() if key is not None])
    nothing = WeekAsked(())
    return [judge_week(key, week, asked[key] if key else nothing) for key, week in weeks.values()]


def _cpli_id(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    return int(text) if is_number and 0 < int(text) <= LARGEST_ID else None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4


def _error(
    row: int, week: RowsOfWeek, column: int, code: str, sentence: str, cells: Sequence[str]
) -> RowError:
    return RowError(row, week.ref, HEADINGS[column], code, sentence, cells[column])


def _error_of_week(week: RowsOfWeek, fault: Fault) -> RowError:
    return RowError(week.rows[0], week.ref, fault.column, fault.code, fault.message, "")
