"""Care files as the faces show them (RULES 2)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.operations.apart import count_apart
from libs.common.rpc import Caller
from libs.common.seams.days import iso_or_none
from libs.common.seams.matching.imports import CareCheck, CareCounts, CareFault, CareFile, CareImport
from services.matching.imports import store

ADVICE_SHOWN = 20
NOT_FOUND = "There is no care import with this id."


def rejected_key(import_id: uuid.UUID) -> str:
    """Where the rejected rows of a care file lie in the object store, once there are some."""
    return f"care-files/{import_id}-rejected.csv"


def show_check(session: Session, caller: Caller, import_id: uuid.UUID) -> CareCheck:
    """A care file's check for people: counts, advice, changes; its errors come page by page.

    Raises Refused ``not_found``.
    """
    found = require_import(session, caller, import_id)
    counts = _in_order(found["counts"])
    return {
        "id": str(import_id),
        "file_name": found["file_name"],
        "state": found["state"],
        "refusal": found["refusal"],
        "check_version": found["check_version"],
        "also_changed": found["also_changed"],
        "renamed": found["renamed"],
        "changes": found["changes"],
        "notes": found["notes"],
        "forecast": found["forecast"],
        "reference_version": found["reference_version"],
        "imported_by": found["imported_by"],
        "imported_at": found["imported_at"].isoformat(),
        "confirmed_by": found["confirmed_by"],
        "confirmed_at": iso_or_none(found["confirmed_at"]),
        "counts": counts,
        "errors_left_out": found["errors_left_out"],
        "advice": store.advice(session, import_id, ADVICE_SHOWN),
        "rejected_key": rejected_key(import_id) if counts and counts["rejected"] else None,
    }


def show_import(session: Session, import_id: uuid.UUID) -> CareImport:
    """A care import as the command line prints it. Raises Refused ``not_found``."""
    found = store.care_import(session, import_id)
    if found is None:
        raise Refused("not_found", NOT_FOUND)
    return {
        "id": str(import_id),
        "state": found["state"],
        "refusal": found["refusal"],
        "counts": _in_order(found["counts"]),
        "errors": found["errors"],
        "errors_left_out": found["errors_left_out"],
        "renamed": found["renamed"],
        "reference_version": found["reference_version"],
        "notes": found["notes"] or [],
    }


def list_errors(
    session: Session, caller: Caller, import_id: uuid.UUID, *, after: int, limit: int
) -> list[CareFault]:
    """A page of a file's errors. Raises Refused ``not_found``."""
    require_import(session, caller, import_id)
    return store.errors_after(session, import_id, after, limit)


def list_newest(
    session: Session, caller: Caller, limit: int, before: tuple[dt.datetime, uuid.UUID] | None = None
) -> list[CareFile]:
    """The newest care files before one; none for a provider."""
    if caller["organisation"] is not None:
        return []
    return [
        {
            "id": row["id"],
            "file_name": row["file_name"],
            "state": row["state"],
            "imported_by": row["imported_by"],
            "imported_at": row["imported_at"].isoformat(),
            "counts": row["counts"],
        }
        for row in store.newest(session, limit, before)
    ]


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """How many checked files wait for the council, and what is set apart; nothing for a provider."""
    if caller["organisation"] is not None:
        return {}
    checked = store.count_checked(session)
    return {"care_imports_to_confirm": checked, "visits_apart": count_apart(session)}


def require_import(
    session: Session, caller: Caller, import_id: uuid.UUID, *, lock: bool = False
) -> Mapping[str, Any]:
    """The care file with this id; care is the council's. Raises Refused ``not_found``."""
    found = store.care_import(session, import_id, lock=lock)
    if found is None or caller["organisation"] is not None:
        raise Refused("not_found", NOT_FOUND)
    return found


def _in_order(counts: Mapping[str, int] | None) -> CareCounts | None:
    """Counts in the order in which the faces show them; stored JSON keeps none."""
    if not counts:
        return None
    return {
        "new": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["unchanged"],
        "rejected": counts["rejected"],
    }
