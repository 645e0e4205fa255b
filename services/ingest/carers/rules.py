"""Which rows of a carers file are accepted. A visit may name only carers that were imported before it (RULES 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from libs.common.files.values import cleaned, control_character, shown
from services.ingest.rows.facts import RowError
from services.ingest.rows.headings import CARER_HEADINGS
from services.ingest.rows.repeated import rows_of_repeated
from services.ingest.rows.words import Problem, problem

_CARER_TEXT_LIMIT = 100
_NAMES = (1, 2)
"""The columns of names, in which joiners are text."""


class Carer(NamedTuple):
    """A carer of the organisation. The ref is what visits name."""

    carer_ref: str
    forename: str
    surname: str


@dataclass(slots=True)
class CheckedCarers:
    """Carers by ref, and every reason of every rejected row."""

    accepted: dict[str, Carer] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


def check_carers(rows: Sequence[tuple[int, tuple[str, ...]]]) -> CheckedCarers:
    """RULES 2 and 3 where carers come in: a CarerRef that is on two rows has both rejected; lengths as in visits."""
    checked = CheckedCarers()
    repeated = rows_of_repeated(rows, [cleaned(values[0]) for _, values in rows])
    for row, values in rows:
        cells = [cleaned(value, is_prose=column in _NAMES) for column, value in enumerate(values)]
        problems = _problems(cells)
        if cells[0] in repeated:
            facts = {"rows": repeated[cells[0]]}
            problems.append(problem("carer_ref_repeated", "CarerRef", cells[0], **facts))
        checked.errors += [RowError(row, shown(cells[0]), *_error_fields(reason)) for reason in problems]
        if not problems:
            checked.accepted[cells[0]] = Carer(*cells)
    return checked


def _error_fields(reason: Problem) -> tuple[str, str, str, str]:
    return reason.column, reason.code, reason.message, reason.value


def _problems(cells: list[str]) -> list[Problem]:
    if len(cells) > len(CARER_HEADINGS):
        return [problem("columns_shifted", "", cells[-1])]
    problems = [] if cells[0] else [problem("carer_ref_missing", "CarerRef")]
    for column, text in zip(CARER_HEADINGS, cells, strict=True):
        if len(text) > _CARER_TEXT_LIMIT:
            problems.append(problem("too_long", column, text, length=len(text), limit=_CARER_TEXT_LIMIT))
        if found := control_character(text):
            problems.append(problem("control_character", column, text, point=ord(found)))
    return problems
