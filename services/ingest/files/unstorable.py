"""Rows that no rule refuses and that can't be stored all the same: each is rejected, and the others are taken.

Only looked for when a check or an update failed: what the rules refuse never comes here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from libs.common.files.spooled import portions_of
from libs.common.files.values import cleaned
from libs.common.messaging.failures import reason_of
from libs.common.operations.apart import (
    ANY_VERSION,
    Part,
    clear_apart,
    has_apart,
    note_apart,
    storable,
    take_by_halves,
)
from services.ingest.files import store_trial
from services.ingest.rows.facts import Checked, RowError
from services.ingest.rows.headings import HEADINGS, VISIT_REF
from services.ingest.rows.reading import RawRow
from services.ingest.rows.words import problem
from services.ingest.schema.tables import VisitsFile

Check = Callable[[Sequence[RawRow]], Checked]
Reasons = Mapping[int, str]
"""By row number, why a row can't be judged or stored."""
Find = Callable[[Session, VisitsFile, Sequence[RawRow], Check], Reasons]


def find_none(session: Session, file: VisitsFile, rows: Sequence[RawRow], check: Check) -> Reasons:
    """As a file is taken at first: every row can be stored."""
    return {}


def find_unstorable(session: Session, file: VisitsFile, rows: Sequence[RawRow], check: Check) -> Reasons:
    """The rows that fail alone, tried by halves of a portion: to be judged, then to be stored.

    A VisitRef on rows of two portions fails in neither: the rules reject these rows.
    """
    reasons: dict[int, str] = {}
    store_trial.make_trial(session)
    for portion in portions_of(rows):
        reasons |= _unstorable_in(session, file, portion, check)
        store_trial.empty_trial(session)
    return reasons


def _unstorable_in(session: Session, file: VisitsFile, rows: Sequence[RawRow], check: Check) -> Reasons:
    failed = take_by_halves(session, rows, check)
    reasons = {row[0]: reason_of(error) for row, error in failed}
    accepted = check([row for row in rows if row[0] not in reasons]).accepted

    def try_to_store(some: Sequence[store_trial.Row]) -> None:
        store_trial.try_visits(session, file.organisation_id, some)

    failed_to_store = take_by_halves(session, accepted, try_to_store)
    return reasons | {row[0]: reason_of(error) for row, error in failed_to_store}


def others_of(rows: Sequence[RawRow], reasons: Reasons) -> Iterable[RawRow]:
    """The rows without those that can't be stored."""
    return (row for row in rows if row[0] not in reasons) if reasons else rows


def unstorable_errors(rows: Sequence[RawRow], reasons: Reasons) -> list[RowError]:
    """Why those of these rows are rejected that can't be stored."""
    if not reasons:
        return []
    found = problem("cannot_be_stored", HEADINGS[VISIT_REF])
    return [
        RowError(row[0], ref_of(row), found.column, found.code, found.message, ref_of(row))
        for row in rows
        if row[0] in reasons
    ]


def note_rows(session: Session, file: VisitsFile, rows: Sequence[RawRow], reasons: Reasons) -> None:
    """Show operations why these rows can't be stored; their provider is told to send them otherwise."""
    for row in rows if reasons else ():
        if row[0] in reasons:
            body = {"file_id": str(file.file_id), "row": row[0]}
            organisation_id = str(file.organisation_id)
            part = Part("row", f"{organisation_id}/{ref_of(row)}", "", body, organisation_id=organisation_id)
            note_apart(session, part, reasons[row[0]], str(file.file_id))


def clear_rows(session: Session, file: VisitsFile, stored: Iterable[str]) -> None:
    """Visits of these rows' references are stored now."""
    if has_apart(session):
        keys = (f"{file.organisation_id}/{visit_ref}" for visit_ref in stored)
        clear_apart(session, "row", dict.fromkeys(keys, ANY_VERSION))


def ref_of(row: RawRow) -> str:
    """The row's VisitRef, as it can be kept."""
    return storable(cleaned(row[1][VISIT_REF]))
