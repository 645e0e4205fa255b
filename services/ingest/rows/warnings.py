"""What is doubtful in a visits file as a whole (RULES 3): each once, with how many rows and the first. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import chain

from libs.common.files.identifiers import NO_VALUES, is_spreadsheet_number
from libs.common.files.values import cleaned
from libs.common.files.warnings import FileWarning
from services.ingest.rows import headings
from services.ingest.rows.facts import Visit
from services.ingest.rows.names import Lists

Rows = Sequence[tuple[int, tuple[str, ...]]]
"""(row number, cells in the order of HEADINGS)."""

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
_DATES = (headings.PLANNED_DATE, headings.DELIVERED_DATE)
_IDENTIFIERS = (
    headings.VISIT_REF,
    *headings.CLIENT,
    headings.CARER_REF,
    headings.SERVICE_LEVEL_REF,
    headings.SERVICE_REF,
    headings.ORGANISATION_REF,
)


def warnings_of(
    rows: Rows, refs: Sequence[str], accepted: Accepted, lists: Lists, uploaded_on: dt.date
) -> list[FileWarning]:
    """All warnings that a file's rows themselves give. `refs` are their VisitRefs, trimmed, in the same order."""
    return [
        *_empty_words(rows, refs, lists),
        *_spreadsheet_numbers(rows, refs),
        *_long_ago(accepted, uploaded_on),
        *_month_first(rows, lists),
        *_another_hour(accepted),
        *_as_planned_to_the_minute(accepted),
    ]


def warning(code: str, numbers: Sequence[int], **facts: object) -> FileWarning:
    """The warning of these rows, in order; there is at least one."""
    one, many = _VERBS.get(code, ("has", "have"))
    count = f"One row {one}" if len(numbers) == 1 else f"{len(numbers):,} rows {many}"
    message = MESSAGES[code].format(rows=count, row=numbers[0], **facts)
    return FileWarning(code, len(numbers), numbers[0], message)


def _empty_words(rows: Rows, refs: Sequence[str], lists: Lists) -> Iterable[FileWarning]:
    """The lists remember each different writing in the file, so a file without such words is known at once."""
    pairs = chain(lists.levels, lists.services, lists.organisations)
    written = chain(chain.from_iterable(lists.clients), lists.carers, (ref for ref, _ in pairs))
    if NO_VALUES.isdisjoint(written) and NO_VALUES.isdisjoint(refs):
        return
    numbers = [
        row
        for row, values in rows
        if not NO_VALUES.isdisjoint(cleaned(values[column]) for column in _IDENTIFIERS)
    ]
    if numbers:
        yield warning("empty_words", numbers)


def _spreadsheet_numbers(rows: Rows, refs: Sequence[str]) -> Iterable[FileWarning]:
    """RULES 19: for a VisitRef ``1.23E+09`` is a warning."""
    found = [
        (row, ref)
        for (row, _), ref in zip(rows, refs, strict=True)
        if "+" in ref and is_spreadsheet_number(ref)
    ]
    if found:
        yield warning("spreadsheet_number", [row for row, _ in found], value=found[0][1])


def _long_ago(accepted: Accepted, uploaded_on: dt.date) -> Iterable[FileWarning]:
    """Planned more than a year before the day of upload."""
    a_year_ago = _year_before(uploaded_on)
    if numbers := [row for row, visit in accepted if visit.planned_on < a_year_ago]:
        yield warning("long_ago", numbers)


def _year_before(day: dt.date) -> dt.date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _month_first(rows: Rows, lists: Lists) -> Iterable[FileWarning]:
    """Some dates can only be month first (08/13/22) and none only day first."""
    only_month_first = set()
    for text in lists.dates:
        if found := _DAY_AND_MONTH.fullmatch(text):
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                return
            if second > 12 >= first:
                only_month_first.add(text)
    if not only_month_first:
        return
    found_in = [
        (row, text)
        for row, values in rows
        if (text := next((t for t in (cleaned(values[c]) for c in _DATES) if t in only_month_first), ""))
    ]
    if found_in:
        yield warning("month_first", [row for row, _ in found_in], value=found_in[0][1])


def _another_hour(accepted: Accepted) -> Iterable[FileWarning]:
    """Nine of ten delivered entries lie between 45 and 75 minutes before the planned ones, or after (times in UTC)."""
    if len(accepted) < _FEWEST_VISITS:
        return
    shortest, longest = _ABOUT_AN_HOUR
    delivered, before, after = 0, [], []
    for row, visit in accepted:
        if visit.delivered_entry is None:
            continue
        delivered += 1
        seconds = visit.delivered_entry - visit.planned_entry
        if seconds == 0:
            continue
        seconds = (seconds + _DAY_SECONDS // 2) % _DAY_SECONDS - _DAY_SECONDS // 2  # past midnight
        if shortest <= seconds <= longest:
            after.append(row)
        elif shortest <= -seconds <= longest:
            before.append(row)
    for numbers, way in ((before, "before"), (after, "after")):
        if numbers and len(numbers) * 10 >= delivered * 9:
            yield warning("another_hour", numbers, way=way)


def _as_planned_to_the_minute(accepted: Accepted) -> Iterable[FileWarning]:
    """Every delivered time equals the planned one and none is overridden."""
    if len(accepted) < _FEWEST_VISITS:
        return
    numbers = []
    for row, visit in accepted:
        if visit.delivered_entry is None:
            continue
        is_as_planned = (visit.delivered_entry, visit.delivered_exit) == (
            visit.planned_entry,
            visit.planned_exit,
        )
        if not is_as_planned or visit.entry_overridden or visit.exit_overridden:
            return
        numbers.append(row)
    if numbers:
        yield warning("as_planned_to_the_minute", numbers)
