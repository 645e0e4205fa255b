"""Looking at a care file before it is imported (RULES 2): what it would change, confirmed or cancelled."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypedDict

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from libs.common.seams.matching.imports import (
    CareChange,
    CareCheck,
    CareCounts,
    CareFault,
    CareNote,
    CareRenamed,
    Renaming,
)
from services.matching.book.book import CareBook
from services.matching.book.changes import differences
from services.matching.book.rules import CareError, CareRow
from services.matching.imports import store
from services.matching.imports.views import require_import, show_check
from services.matching.line_items import store_details

CHANGES_SHOWN = 50
ERRORS_KEPT = 10_000
"""The first of a file's errors: more than anybody reads. The rejected rows to download have all of them."""


class Findings(TypedDict):
    """What a book's rows would change, as it is kept with the check."""

    counts: CareCounts
    errors: list[CareFault]
    errors_left_out: int
    notes: list[CareNote]
    changes: list[CareChange]
    also_changed: dict[str, int]
    renamed: CareRenamed


def findings(session: Session, book: CareBook) -> Findings:
    """What a book's rows would change: counts, errors, the first changed CPLIs and what else."""
    changed = sorted(book.changed_cplis & book.known["cplis"])[:CHANGES_SHOWN]
    wanted = set(changed)
    rows = {cpli_id: row for cpli_id, row in book.history if cpli_id in wanted}
    before = store_details.last_rows(session, changed)
    return {
        "counts": {
            "new": book.counts["new"],
            "changed": book.counts["changed"],
            "unchanged": book.counts["unchanged"],
            "rejected": book.counts["rejected"],
        },
        "errors": [fault_document(error) for error in islice(book.errors, ERRORS_KEPT)],
        "errors_left_out": max(len(book.errors) - ERRORS_KEPT, 0),
        "notes": sum_notes(book.notes),
        "changes": [
            {"cpli_id": i, "row": rows[i].row, "fields": differences(before[i], as_kept(rows[i]))}
            for i in changed
        ],
        "also_changed": book.also_changed(),
        "renamed": find_renamed(book),
    }


def find_renamed(book: CareBook) -> CareRenamed:
    """Organisations and services that a book's rows call otherwise than before; the first of each."""
    return {
        "organisations": _first_renamings(book.names.organisations.renamed()),
        "services": _first_renamings(book.names.services.renamed()),
    }


def _first_renamings(pairs: Sequence[tuple[str, str]]) -> list[Renaming]:
    return [{"before": before, "after": after} for before, after in pairs[:CHANGES_SHOWN]]


def fault_document(error: CareError) -> CareFault:
    """What is wrong with a cell of a row."""
    return {
        "row": error.row,
        "ref": error.ref,
        "column": error.column,
        "code": error.code,
        "message": error.message,
    }


def sum_notes(notes: Iterable[CareError]) -> list[CareNote]:
    """Each kind of note once, with the first row that has it, and how many have."""
    kinds: dict[tuple[str, str], CareNote] = {}
    for note in notes:
        first: CareNote = {"code": note.code, "rows": 0, "row": note.row, "message": note.message}
        kinds.setdefault((note.code, note.column), first)["rows"] += 1
    return list(kinds.values())


def as_kept(row: CareRow) -> Mapping[str, Any]:
    """A care row as the history keeps it."""
    kept: dict[str, Any] = json.loads(row.as_json())
    return kept


def is_as_shown(wanted: Mapping[str, Any], found: Findings) -> bool:
    """Whether a file would change what its check showed; true for one that nobody asked to see."""
    return not wanted["check_version"] or all(wanted[name] == value for name, value in found.items())


def keep_check(session: Session, wanted: Mapping[str, Any], found: Findings) -> None:
    """Store a check, to be looked at; ``care_checked`` has worked out what the file would change in money."""
    version = wanted["check_version"] + 1
    import_id = wanted["import_id"]
    store.end_import(session, import_id, state="checked", check_version=version, forecast=None, **found)
    body = {"import_id": str(import_id), "check_version": version}
    emit(session, "care_checked", body, cause_id=str(import_id))


def confirm(session: Session, caller: Caller, import_id: uuid.UUID, *, check_version: int) -> CareCheck:
    """Have a checked file imported; confirming twice imports once.

    ``check_version`` is the check that was shown: another one since raises Refused ``check_again``. Raises Refused
    ``not_found`` and ``wrong_state`` too.
    """
    found = require_import(session, caller, import_id, lock=True)
    if found["state"] not in ("importing", "imported"):
        refuse_unless_checked(found)
        if check_version != found["check_version"]:
            raise Refused("check_again", "The file was checked again since: look at the new numbers.")
        store.confirm_import(session, import_id, caller["who"])
        emit(
            session,
            "care_import_wanted",
            {"import_id": str(import_id)},
            cause_id=str(import_id),
            lane="single",
        )
    return show_check(session, caller, import_id)


def cancel(session: Session, caller: Caller, import_id: uuid.UUID) -> CareCheck:
    """Drop a checked file; nothing of it was imported. Raises Refused ``not_found`` and ``wrong_state``."""
    found = require_import(session, caller, import_id, lock=True)
    if found["state"] != "cancelled":
        refuse_unless_checked(found)
        store.end_import(session, import_id, state="cancelled")
    return show_check(session, caller, import_id)


def refuse_unless_checked(found: Mapping[str, Any]) -> None:
    """Only what was checked can be confirmed or cancelled."""
    if found["state"] != "checked":
        raise Refused("wrong_state", f"The care file is {found['state']}: send it again to check it anew.")
