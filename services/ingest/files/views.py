"""Visits files as the faces show them (RULES 4, DESIGN 4.1)."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.files.warnings import FileWarning
from libs.common.operations.apart import count_apart
from libs.common.rpc import Caller
from services.ingest.callers import organisation_asked
from services.ingest.files import store, store_views
from services.ingest.rows.stored import cells_of
from services.ingest.schema.tables import VisitsFile

COUNTS = ("read", "new", "updated", "unchanged", "deleted", "rejected", "issues")
"""The order in which the faces show them; stored JSON keeps none."""


def known_file(session: Session, file_id: uuid.UUID, *, lock: bool = False) -> VisitsFile:
    """The file with this id; raises Refused ``not_found``."""
    file = store.visits_file(session, file_id, lock=lock)
    if file is None:
        raise Refused("not_found", "There is no visits file with this id.")
    return file


def document(file: VisitsFile) -> dict[str, Any]:
    """A file as the faces show it (DESIGN 4.1), without its errors."""
    return {
        "id": str(file.file_id),
        "organisation_id": str(file.organisation_id),
        "file_name": file.file_name,
        "state": file.state,
        "counts": file.counts and {name: file.counts[name] for name in COUNTS},
        "check_version": file.check_version,
        "forecast": None if file.forecast_payable is None else {"payable": str(file.forecast_payable)},
        "forecast_failure": file.forecast_failure,
        "refusal": file.refusal and {"code": file.refusal_code, "message": file.refusal},
        "file_warnings": [FileWarning(**one).to_document() for one in file.file_warnings or ()],
        "rejected_key": rejected_key(file) if (file.counts or {}).get("rejected") else None,
        "uploaded_by": file.uploaded_by,
        "uploaded_at": file.uploaded_at,
        "confirmed_by": file.confirmed_by,
        "confirmed_at": file.confirmed_at,
    }


def rejected_key(file: VisitsFile) -> str:
    """Where the rejected rows of a file's newest check lie."""
    return f"rejected/{file.file_id}-{file.check_version}.csv"


def errors_page(
    session: Session, file_id: uuid.UUID, *, is_rejection: bool, after: int, limit: int
) -> list[dict[str, Any]]:
    """A page of a file's errors or warnings, in row order."""
    file = known_file(session, file_id)
    return store.errors_of(session, file.file_id, is_rejection=is_rejection, after=after, limit=limit)


def changes_page(session: Session, file_id: uuid.UUID, *, after: int, limit: int) -> list[dict[str, Any]]:
    """A page of what a checked file changes, in row order: of each visit the cells that differ, before and after."""
    file = known_file(session, file_id)
    found = store_views.changes(session, file.file_id, after=after, limit=limit)
    return [
        {name: change[name] for name in ("row", "ref", "action", "was_deleted")}
        | {"differences": [] if change["action"] == "deleted" else differences(change["old"], change["new"])}
        for change in found
    ]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[list[str]]:
    """[heading, before, after] of each cell that differs."""
    before, after = cells_of(old), cells_of(new)
    return [[name, text, after[name]] for name, text in before.items() if text != after[name]]


def newest_files(
    session: Session, caller: Caller, *, organisation: str | None, limit: int
) -> list[dict[str, Any]]:
    """The newest files, each with its document and the name of its organisation.

    Raises Refused ``not_found`` for an unknown organisation.
    """
    files = store_views.newest(session, organisation_asked(session, caller, organisation), limit=limit)
    return [document(file) | {"organisation": name} for file, name in files]


def summary(session: Session, file_id: uuid.UUID) -> dict[str, Any]:
    """How many rows each error and each warning names, the Mondays of the weeks that the file changes, and what it
    changes in what is payable by client: the largest changes as [reference, before, after], and how many more.

    The weeks are known for as long as the staged rows are kept (docs/retention.md). Raises Refused ``not_found``.
    """
    file = known_file(session, file_id)
    return {
        "findings": store_views.findings(session, file.file_id),
        "weeks": store_views.weeks(session, file.file_id),
        "organisation": store_views.organisation_name(session, file.organisation_id),
        "clients": file.forecast_clients,
    }


def waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits for the caller: files to confirm; for a provider also rejected rows that were not sent again."""
    own = caller["organisation"]
    found = {"files_to_confirm": store_views.count_checked(session, own)}
    if own is not None:
        found["rejected_rows"] = store_views.count_rejected(session, own)
    else:
        found["rows_apart"] = count_apart(session)
    return found
