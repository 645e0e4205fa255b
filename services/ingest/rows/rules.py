"""Which rows of a visits file are accepted, which are rejected and why (RULES 3). Values in, values out."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from libs.common.files.identifiers import identifier
from libs.common.files.unreadable import why_no_date, why_no_time
from libs.common.files.values import cleaned, parse_boolean, parse_date, parse_time, shown
from libs.common.files.warnings import FileWarning
from services.ingest.rows import headings
from services.ingest.rows.cells import check_control_characters, check_length, check_lengths, cleaned_cells
from services.ingest.rows.facts import (
    Checked,
    LevelFact,
    Reference,
    RowError,
    ServiceFact,
    Visit,
    VisitTypeFact,
)
from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.issues import duration_seconds, issues_of
from services.ingest.rows.names import Lists
from services.ingest.rows.repeated import repeated_in
from services.ingest.rows.warnings import FileWarnings
from services.ingest.rows.words import LONGEST_VALUE, Problem, problem

__all__ = [
    "Checked",
    "LevelFact",
    "Reference",
    "RowError",
    "ServiceFact",
    "Visit",
    "VisitTypeFact",
    "check_rows",
    "duration_seconds",
    "parse_date",
    "parse_time",
]

_PLANNED = (
    (headings.PLANNED_DATE, "planned_date"),
    (headings.PLANNED_ENTRY, "planned_entry"),
    (headings.PLANNED_EXIT, "planned_exit"),
)
_DELIVERED = (
    (headings.DELIVERED_DATE, "delivered_date"),
    (headings.DELIVERED_ENTRY, "delivered_entry"),
    (headings.DELIVERED_EXIT, "delivered_exit"),
)
_COLUMN_OF = {heading: column for column, heading in enumerate(HEADINGS)}
_UNPAID_AHEAD = dt.timedelta(days=60)
"""How far ahead a visit of an unpaid type may be planned: notice of an absence comes early."""

Columns = tuple[tuple[int, str], ...]
"""Columns of a row, each with what its codes begin with."""

Times = tuple[dt.date | None, int | None, int | None]
"""Date, entry and exit; None is what is absent or unreadable."""


def check_rows(
    rows: Sequence[tuple[int, tuple[str, ...]]], reference: Reference, uploaded_on: dt.date
) -> Checked:
    """Judge every row of a file (RULES 3). `uploaded_on` is the day of upload in London.

    Rows hold cells in the order of HEADINGS, cleaned here; one value more means that the columns have shifted.
    """
    check = FileCheck(lambda: rows, reference, uploaded_on)
    checked = check.run(rows)
    checked.file_warnings = check.file_warnings()
    return checked


class FileCheck:
    """One file's check: what it is checked against, and what has been worked out once for all its rows.

    ``rows_of_file`` gives all of them, as often as it is asked; they are judged by ``run``, portion by portion.
    """

    def __init__(
        self,
        rows_of_file: Callable[[], Iterable[tuple[int, tuple[str, ...]]]],
        reference: Reference,
        uploaded_on: dt.date,
    ) -> None:
        self.reference = reference
        self.uploaded_on = uploaded_on
        self.lists = Lists(reference)
        self.warnings = FileWarnings(uploaded_on)
        self.rows_of_repeated = repeated_in(
            lambda: ((row, cleaned(values[headings.VISIT_REF])) for row, values in rows_of_file())
        )

    def file_warnings(self) -> list[FileWarning]:
        """What is doubtful in the file as a whole, once all of it was judged."""
        return self.warnings.found(self.lists)

    def run(self, rows: Iterable[tuple[int, tuple[str, ...]]]) -> Checked:
        """Judge a portion of the rows; portions come in the order of the file."""
        checked = Checked()
        look_at = self.warnings.look_at
        for row, values in rows:
            cells, is_plain = cleaned_cells(values)
            ref = cells[headings.VISIT_REF]
            look_at(row, cells)
            problems: list[Problem] = []
            if self._is_deletion(cells, problems):
                self._check_deletion(cells, problems)
                if not problems:
                    checked.deletions.append((row, ref))
            else:
                visit, issues = self._check_visit(cells, is_plain, problems)
                if visit is not None:
                    checked.accepted.append((row, visit))
                    checked.warnings += [_row_error(row, cells, issue) for issue in issues]
            checked.errors += [_row_error(row, cells, reason) for reason in problems]
        self.warnings.take(checked.accepted)
        if self.lists.are_long():
            self.warnings.remember(self.lists)
            self.lists.forget()
        return checked

    def _is_deletion(self, cells: Sequence[str], problems: list[Problem]) -> bool:
        """An unreadable Deleted is taken as 0, so that the row's other mistakes are said in the same answer."""
        text = cells[headings.DELETED]
        if text == "0" or not text:
            return False
        deleted = parse_boolean(text)
        if deleted is None:
            problems.append(problem("deleted_unreadable", "Deleted", text))
        # In a shifted row the cell under Deleted may be another column's: nothing is deleted on its word.
        return bool(deleted) and len(cells) == len(HEADINGS)

    def _check_deletion(self, cells: Sequence[str], problems: list[Problem]) -> None:
        """RULES 3: with Deleted = 1 nothing but the VisitRef is looked at."""
        ref = cells[headings.VISIT_REF]
        self._check_ref(ref, problems)
        if identifier(ref) and len(ref) <= 50 and ref not in self.reference.deletable:
            problems.append(problem("unknown_visit", "VisitRef", ref))
        check_length(cells, headings.VISIT_REF, 50, problems)

    def _check_ref(self, ref: str, problems: list[Problem]) -> None:
        if not identifier(ref):
            problems.append(problem("visit_ref_missing", "VisitRef"))
        elif ref in self.rows_of_repeated:
            problems.append(problem("visit_ref_repeated", "VisitRef", ref, rows=self.rows_of_repeated[ref]))

    def _check_visit(
        self, cells: Sequence[str], is_plain: bool, problems: list[Problem]
    ) -> tuple[Visit | None, list[Problem]]:
        """The visit and its issues, or None and, in `problems`, every reason against it."""
        self._check_ref(cells[headings.VISIT_REF], problems)
        if len(cells) > len(HEADINGS):
            # What the other cells hold belongs to other columns: reasons drawn from them would mislead.
            problems.append(problem("columns_shifted", "", cells[-1]))
            return None, []
        if not is_plain:
            check_control_characters(cells, problems)
        check_lengths(cells, problems)
        planned = self._read_times(cells, _PLANNED, problems)
        _check_duration(planned, "Planned", problems)
        if planned[0] is not None and planned[0] > self.uploaded_on:
            self._check_day_to_come(planned[0], cells, problems)
        delivered = self._read_delivered(cells, problems)
        overridden = _read_overridden(cells, problems)
        return self._visit(cells, planned, delivered, overridden, problems)

    def _check_day_to_come(self, day: dt.date, cells: Sequence[str], problems: list[Problem]) -> None:
        """RULES 3: what is paid can't lie ahead; what isn't (C24, H) may for 60 days."""
        known = self.reference.visit_types.get(cells[headings.VISIT_TYPE])
        if known is None or (not known.paid and day <= self.uploaded_on + _UNPAID_AHEAD):
            return
        code = "planned_in_future" if known.paid else "planned_far_ahead"
        text, last = cells[headings.PLANNED_DATE], self.uploaded_on + _UNPAID_AHEAD
        facts = {"type": known.ref, "today": self.uploaded_on, "last": last}
        problems.append(problem(code, "PlannedVisitDate", text, **facts))

    def _read_delivered(self, cells: Sequence[str], problems: list[Problem]) -> Times:
        """RULES 3: a delivered type has all three of date, entry and exit, any other type none of them.

        Under an unknown type nothing is said of them, as either might be right.
        """
        visit_type = cells[headings.VISIT_TYPE]
        known = self.reference.visit_types.get(visit_type)
        if known is None:
            problems.append(self._unknown_type(visit_type))
            return None, None, None
        if not known.delivered:
            for column, name in _DELIVERED:
                if cells[column]:
                    problems.append(
                        problem(f"{name}_not_expected", HEADINGS[column], cells[column], type=visit_type)
                    )
            return None, None, None
        delivered = self._read_times(cells, _DELIVERED, problems)
        _check_duration(delivered, "Delivered", problems)
        if delivered[0] is not None and delivered[0] > self.uploaded_on:
            text = cells[headings.DELIVERED_DATE]
            problems.append(
                problem("delivered_in_future", "DeliveredVisitDate", text, today=self.uploaded_on)
            )
        return delivered

    def _read_times(self, cells: Sequence[str], columns: Columns, problems: list[Problem]) -> Times:
        """Date, entry and exit of three columns; what is empty or unreadable is None and a problem."""
        (date_column, _), (entry_column, _), (exit_column, _) = columns
        on = self.lists.dates[cells[date_column]]
        entry, exit_ = self.lists.times[cells[entry_column]], self.lists.times[cells[exit_column]]
        if on is None or entry is None or exit_ is None:
            problems += _unreadable_times(cells, columns, (on, entry, exit_))
        return on, entry, exit_

    def _unknown_type(self, visit_type: str) -> Problem:
        types = ", ".join(sorted(self.reference.visit_types))
        if not visit_type:
            return problem("visit_type_missing", "VisitType", types=types)
        # RULES 2 folds letter case in names only; a visit type is a code, so the hint is as far as this goes.
        meant = next(
            (ref for ref in self.reference.visit_types if ref.casefold() == visit_type.casefold()), ""
        )
        return problem(
            "visit_type_unknown", "VisitType", visit_type, types=types, hint=meant and f" ({meant}?)"
        )

    def _visit(
        self,
        cells: Sequence[str],
        planned: Times,
        delivered: Times,
        overridden: tuple[bool | None, bool | None],
        problems: list[Problem],
    ) -> tuple[Visit | None, list[Problem]]:
        client = self.lists.clients[
            cells[headings.CLIENT_REF], cells[headings.SSREF], cells[headings.NHS_NUMBER]
        ]
        level, level_problems = self.lists.levels[
            cells[headings.SERVICE_LEVEL_REF], cells[headings.SERVICE_LEVEL]
        ]
        service = self.lists.services[cells[headings.SERVICE_REF], cells[headings.SERVICE_NAME]]
        problems += client.problems
        problems += level_problems
        problems += service.problems
        problems += self.lists.organisations[
            cells[headings.ORGANISATION_REF], cells[headings.ORGANISATION_NAME]
        ]
        carer = self.lists.carers[cells[headings.CARER_REF]]
        problems += carer.problems
        planned_on, planned_entry, planned_exit = planned
        if problems or level is None or planned_on is None or planned_entry is None or planned_exit is None:
            return None, []
        visit = Visit(
            cells[headings.VISIT_REF],
            planned_on,
            planned_entry,
            planned_exit,
            cells[headings.VISIT_TYPE],
            *delivered,
            overridden[0],
            cells[headings.ENTRY_OVERRIDE_REASON],
            overridden[1],
            cells[headings.EXIT_OVERRIDE_REASON],
            cells[headings.VARIANCE_REASON],
            cells[headings.COMMENTS],
            client.client_ref,
            client.ssref,
            client.nhs_number,
            level.name,
            carer.ref,
            service.ref,
            cells[headings.SERVICE_NAME],
        )
        issues = issues_of(visit, level, service)
        return (
            (visit._replace(issues=tuple(issue.code for issue in issues)), issues)
            if issues
            else (visit, issues)
        )


def _row_error(row: int, cells: Sequence[str], found: Problem) -> RowError:
    """A problem of a row, with what its cell holds: what the problem itself names may be written otherwise."""
    column = _COLUMN_OF.get(found.column)
    value = found.value if column is None else shown(cells[column], LONGEST_VALUE) or found.value
    return RowError(row, shown(cells[headings.VISIT_REF]), found.column, found.code, found.message, value)


def _unreadable_times(cells: Sequence[str], columns: Columns, times: Times) -> Iterator[Problem]:
    for (column, name), value in zip(columns, times, strict=True):
        if value is None:
            text = cells[column]
            if text:
                why = (why_no_date if name.endswith("date") else why_no_time)(text)
                yield problem(f"{name}_unreadable", HEADINGS[column], text, why=why)
            else:
                yield problem(f"{name}_missing", HEADINGS[column], type=cells[headings.VISIT_TYPE])


def _check_duration(times: Times, kind: str, problems: list[Problem]) -> None:
    """RULES 3: an exit equal to the entry is no visit, and no visit of 24 hours either."""
    _, entry, exit_ = times
    if entry == exit_ and entry is not None:
        text = f"{entry // 3600:02}:{entry // 60 % 60:02}:{entry % 60:02}".removesuffix(":00")
        problems.append(problem(f"{kind.lower()}_no_duration", f"{kind}ExitTime", text))


def _read_overridden(cells: Sequence[str], problems: list[Problem]) -> tuple[bool | None, bool | None]:
    return _read_boolean(cells, headings.ENTRY_OVERRIDDEN, problems), _read_boolean(
        cells, headings.EXIT_OVERRIDDEN, problems
    )


def _read_boolean(cells: Sequence[str], column: int, problems: list[Problem]) -> bool | None:
    """Empty is None, which is not 0: the provider said nothing."""
    text = cells[column]
    if not text:
        return None
    value = parse_boolean(text)
    if value is None:
        problems.append(problem("overridden_unreadable", HEADINGS[column], text))
    return value
