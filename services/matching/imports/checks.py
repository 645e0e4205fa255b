"""Looking at a care file before it is imported (RULES 2): what it would change, confirmed or cancelled."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.operations.apart import count_apart
from libs.common.rpc import Caller
from services.matching.book.book import CareBook
from services.matching.book.changes import differences
from services.matching.book.rules import CareError
from services.matching.imports import store
from services.matching.line_items import store_details

COUNTS = ("new", "changed", "unchanged", "rejected")
"""The order in which the faces show them; stored JSON keeps none."""
CHANGES_SHOWN = 50
ADVICE_SHOWN = 20
SHOWN = (
    "file_name",
    "state",
    "refusal",
    "check_version",
    "also_changed",
    "renamed",
    "changes",
    "notes",
    "forecast",
    "reference_version",
)
WHEN_AND_WHO = ("imported_by", "imported_at", "confirmed_by", "confirmed_at")
NOT_FOUND = "There is no care import with this id."

Document = dict[str, Any]


def rejected_key(import_id: uuid.UUID) -> str:
    """Where the rejected rows of a care file lie in the object store, once there are some."""
    return f"care-files/{import_id}-rejected.csv"


def findings(session: Session, book: CareBook) -> Document:
    """What a book's rows would change: counts, errors, the first changed CPLIs and what else."""
    rows = dict(book.history)
    changed = sorted(book.changed_cplis & book.known["cplis"])[:CHANGES_SHOWN]
    before = store_details.last_rows(session, changed)
    changes = [
        {"cpli_id": i, "row": rows[i].row, "fields": differences(before[i], as_kept(rows[i]))}
        for i in changed
    ]
    errors = [asdict(error) for error in book.errors]
    return {
        "counts": book.counts,
        "errors": errors,
        "notes": summed(book.notes),
        "changes": changes,
        "also_changed": book.also_changed(),
        "renamed": renamed(book),
    }


def renamed(book: CareBook) -> Document:
    """Organisations and services that a book's rows call otherwise than before; the first of each."""
    kinds = {"organisations": book.names.organisations, "services": book.names.services}
    return {
        kind: [{"before": before, "after": after} for before, after in listed.renamed()[:CHANGES_SHOWN]]
        for kind, listed in kinds.items()
    }


def summed(notes: Iterable[CareError]) -> list[Document]:
    """Each kind of note once, with the first row that has it, and how many have."""
    kinds: dict[tuple[str, str], Document] = {}
    for note in notes:
        first = {"code": note.code, "rows": 0, "row": note.row, "message": note.message}
        kinds.setdefault((note.code, note.column), first)["rows"] += 1
    return list(kinds.values())


def as_kept(row: Any) -> Document:
    """A care row as the history keeps it."""
    kept: Document = json.loads(json.dumps(asdict(row), default=str))
    return kept


def is_as_shown(wanted: Mapping[str, Any], found: Document) -> bool:
    """Whether a file would change what its check showed; true for one that nobody asked to see."""
    return not wanted["check_version"] or all(wanted[name] == value for name, value in found.items())


def keep(session: Session, wanted: Mapping[str, Any], found: Document) -> None:
    """Store a check, to be looked at; ``care_checked`` has worked out what the file would change in money."""
    version = wanted["check_version"] + 1
    import_id = wanted["import_id"]
    facts = {"check_version": version, "forecast": None} | found
    store.end_import(session, import_id, state="checked", **facts)
    body = {"import_id": str(import_id), "check_version": version}
    emit(session, "care_checked", body, cause_id=str(import_id))


def shown(session: Session, caller: Caller, import_id: uuid.UUID) -> Document:
    """A care file's check for people: counts, advice, changes; its errors come page by page.

    Raises Refused ``not_found``.
    """
    found = known(session, caller, import_id)
    counts = found["counts"] and in_order(found["counts"])
    advice = store.advice(session, import_id, ADVICE_SHOWN)
    facts = {name: found[name] for name in (*SHOWN, *WHEN_AND_WHO)}
    key = rejected_key(import_id) if counts and counts["rejected"] else None
    return {"id": str(import_id), **facts, "counts": counts, "advice": advice, "rejected_key": key}


def errors_page(
    session: Session, caller: Caller, import_id: uuid.UUID, *, after: int, limit: int
) -> list[Document]:
    """A page of a file's errors. Raises Refused ``not_found``."""
    known(session, caller, import_id)
    return store.errors_after(session, import_id, after, limit)


def newest(session: Session, caller: Caller, limit: int) -> list[Document]:
    """The newest care files; none for a provider."""
    return store.newest(session, limit) if caller["organisation"] is None else []


def waiting(session: Session, caller: Caller) -> dict[str, int]:
    """How many checked files wait for the council, and what is set apart; nothing for a provider."""
    if caller["organisation"] is not None:
        return {}
    checked = store.count_checked(session)
    return {"care_imports_to_confirm": checked, "visits_apart": count_apart(session)}


def confirm(session: Session, caller: Caller, import_id: uuid.UUID, *, check_version: int) -> Document:
    """Have a checked file imported; confirming twice imports once.

    ``check_version`` is the check that was shown: another one since raises Refused ``check_again``. Raises Refused
    ``not_found`` and ``wrong_state`` too.
    """
    found = known(session, caller, import_id, lock=True)
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
    return shown(session, caller, import_id)


def cancel(session: Session, caller: Caller, import_id: uuid.UUID) -> Document:
    """Drop a checked file; nothing of it was imported. Raises Refused ``not_found`` and ``wrong_state``."""
    found = known(session, caller, import_id, lock=True)
    if found["state"] != "cancelled":
        refuse_unless_checked(found)
        store.end_import(session, import_id, state="cancelled")
    return shown(session, caller, import_id)


def refuse_unless_checked(found: Mapping[str, Any]) -> None:
    """Only what was checked can be confirmed or cancelled."""
    if found["state"] != "checked":
        raise Refused("wrong_state", f"The care file is {found['state']}: send it again to check it anew.")


def known(session: Session, caller: Caller, import_id: uuid.UUID, *, lock: bool = False) -> Mapping[str, Any]:
    """The care file with this id; care is the council's. Raises Refused ``not_found``."""
    found = store.care_import(session, import_id, lock=lock)
    if found is None or caller["organisation"] is not None:
        raise Refused("not_found", NOT_FOUND)
    return found


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts as the faces show them."""
    return {name: counts[name] for name in COUNTS}
