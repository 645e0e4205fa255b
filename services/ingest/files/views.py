"""Visits files as the faces show them (RULES 4, DESIGN 4.1)."""

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.errors import Refused
from libs.common.files.warnings import FileWarning
from libs.common.operations.apart import count_apart
from libs.common.rpc import Caller
from libs.common.seams.ingest.files import (
    FileChange,
    FileCounts,
    FileForecast,
    FileRefusal,
    FileSummary,
    ListedFile,
    RowFinding,
    StagedRef,
    VisitsFile,
)
from libs.common.seams.ingest.forecasts import DuplicateRow, KeptForecast, MatchForecast, UnmatchedRow
from services.ingest.callers import organisation_asked
from services.ingest.files import store, store_views
from services.ingest.forecasts import store as forecasts_store
from services.ingest.rows.stored import cells_of
from services.ingest.schema import tables


def require_file(session: Session, file_id: uuid.UUID, *, lock: bool = False) -> tables.VisitsFile:
    """The file with this id; raises Refused ``not_found``."""
    file = store.find_file(session, file_id, lock=lock)
    if file is None:
        raise Refused("not_found", "There is no visits file with this id.")
    return file


def show_file(session: Session, *, file_id: uuid.UUID) -> VisitsFile:
    """A file's document: state, counts, forecast. Raises Refused ``not_found``."""
    return file_document(require_file(session, file_id))


def file_document(file: tables.VisitsFile) -> VisitsFile:
    """A file as the faces show it (DESIGN 4.1), without its errors."""
    return {
        "id": str(file.file_id),
        "organisation_id": str(file.organisation_id),
        "file_name": file.file_name,
        "state": file.state,
        "counts": file.counts and _counts_document(file.counts),
        "check_version": file.check_version,
        "forecast": _forecast_document(file),
        "will_match": file.will_match and match_forecast(file.will_match),
        "forecast_failure": file.forecast_failure,
        "refusal": _refusal_document(file),
        "file_warnings": [FileWarning(**one).to_document() for one in file.file_warnings or ()],
        "rejected_key": rejected_key(file) if file.counts and file.counts["rejected"] else None,
        "uploaded_by": file.uploaded_by,
        "uploaded_at": file.uploaded_at.isoformat(),
        "confirmed_by": file.confirmed_by,
        "confirmed_at": file.confirmed_at.isoformat() if file.confirmed_at else None,
    }


def _forecast_document(file: tables.VisitsFile) -> FileForecast | None:
    """The forecast in short; None until it is known."""
    payable, found = file.forecast_payable, file.will_match
    if payable is None or found is None:
        return None
    unmatched = {reason: visits for reason, visits, _ in found["unmatched"]}
    return {"payable": pounds_text(payable), "matched": found["matched"], "unmatched": unmatched}


def match_forecast(kept: KeptForecast) -> MatchForecast:
    """How a file will match, in the order in which the faces show it."""
    return {
        "matched": kept["matched"],
        "apart": kept["apart"],
        "unmatched": [
            {"reason": reason, "visits": visits, "amount": amount}
            for reason, visits, amount in kept["unmatched"]
        ],
        "amount": kept["amount"],
        "duplicates": kept["duplicates"],
    }


def _counts_document(counts: FileCounts) -> FileCounts:
    """In the order in which the faces show them; stored JSON keeps none."""
    return {
        "read": counts["read"],
        "new": counts["new"],
        "updated": counts["updated"],
        "unchanged": counts["unchanged"],
        "deleted": counts["deleted"],
        "rejected": counts["rejected"],
        "issues": counts["issues"],
    }


def _refusal_document(file: tables.VisitsFile) -> FileRefusal | None:
    if file.refusal is None or file.refusal_code is None:
        return None
    return {"code": file.refusal_code, "message": file.refusal}


def rejected_key(file: tables.VisitsFile) -> str:
    """Where the rejected rows of a file's newest check lie."""
    return f"rejected/{file.file_id}-{file.check_version}.csv"


def list_findings(
    session: Session, *, file_id: uuid.UUID, is_rejection: bool, after: int, limit: int
) -> list[RowFinding]:
    """A page of a file's errors or warnings, in row order. Raises Refused ``not_found``."""
    file = require_file(session, file_id)
    return store.list_findings(session, file.file_id, is_rejection=is_rejection, after=after, limit=limit)


def list_changes(session: Session, *, file_id: uuid.UUID, after: int, limit: int) -> list[FileChange]:
    """A page of what a checked file changes, in row order: of each visit the cells that differ, before and after.

    Raises Refused ``not_found``.
    """
    file = require_file(session, file_id)
    found = store_views.list_changes(session, file.file_id, after=after, limit=limit)
    return [
        {
            "row": change.row,
            "ref": change.ref,
            "action": change.action,
            "was_deleted": change.was_deleted,
            "differences": [] if change.action == "deleted" else list_differences(change.old, change.new),
        }
        for change in found
    ]


def list_staged_refs(session: Session, *, file_id: uuid.UUID, after: int, limit: int) -> list[StagedRef]:
    """A page of the visits that a file stores or deletes, in row order.

    They are known for as long as the staged rows are kept (docs/retention.md). Raises Refused ``not_found``.
    """
    return store_views.list_staged_refs(
        session, require_file(session, file_id).file_id, after=after, limit=limit
    )


def list_differences(old: Mapping[str, object], new: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """(heading, before, after) of each cell that differs."""
    before, after = cells_of(old), cells_of(new)
    return [(name, text, after[name]) for name, text in before.items() if text != after[name]]


def list_newest_files(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    limit: int,
    before: store_views.Place | None = None,
) -> list[ListedFile]:
    """The newest files before one, each with its document and the name of its organisation.

    Raises Refused ``not_found`` for an unknown organisation.
    """
    asked = organisation_asked(session, caller, organisation)
    files = store_views.list_newest(session, asked, before=before, limit=limit)
    return [{**file_document(file), "organisation": name} for file, name in files]


def summarise_file(session: Session, *, file_id: uuid.UUID) -> FileSummary:
    """How many rows each error and each warning names, the Mondays of the weeks that the file changes, and what it
    changes in what is payable by client: the largest changes, and how many more.

    The weeks are known for as long as the staged rows are kept (docs/retention.md). Raises Refused ``not_found``.
    """
    file = require_file(session, file_id)
    return {
        "findings": store_views.count_findings(session, file.file_id),
        "weeks": [monday.isoformat() for monday in store_views.list_weeks(session, file.file_id)],
        "organisation": store_views.find_organisation_name(session, file.organisation_id),
        "clients": file.forecast_clients,
    }


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """What waits for the caller: files to confirm; for a provider also rejected rows that were not sent again."""
    own = caller["organisation"]
    to_confirm = store_views.count_checked(session, own)
    if own is None:
        return {"files_to_confirm": to_confirm, "rows_apart": count_apart(session)}
    return {"files_to_confirm": to_confirm, "rejected_rows": store_views.count_rejected(session, own)}


def list_unmatched(
    session: Session, *, file_id: uuid.UUID, reason: str | None, after: int, limit: int
) -> list[UnmatchedRow]:
    """A page of the rows that will have no match, in row order; as the newest check found it.

    They are known for as long as the staged rows are kept (docs/retention.md). Raises Refused ``not_found``.
    """
    file = require_file(session, file_id)
    return forecasts_store.list_unmatched(session, file.file_id, reason=reason, after=after, limit=limit)


def list_duplicates(session: Session, *, file_id: uuid.UUID, after: int, limit: int) -> list[DuplicateRow]:
    """A page of the rows that may be duplicates, likewise. Raises Refused ``not_found``."""
    file = require_file(session, file_id)
    return forecasts_store.list_duplicates(session, file.file_id, after=after, limit=limit)
