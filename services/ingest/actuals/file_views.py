"""Files of actuals as the faces show them (RULES 13, DESIGN 4.1)."""

from __future__ import annotations

import uuid

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.ingest.actuals import ActualsFileDocument, ListedActualsFile
from libs.common.seams.ingest.files import FileRefusal, RowFinding
from services.ingest.callers import organisation_asked
from services.ingest.files import store as files_store
from services.ingest.files import store_views
from services.ingest.schema.tables import ActualsFile, Organisation


def require_file(session: Session, file_id: uuid.UUID, *, lock: bool = False) -> ActualsFile:
    """The file with this id; raises Refused ``not_found``."""
    file = session.get(ActualsFile, file_id, with_for_update=lock or None)
    if file is None:
        raise Refused("not_found", "There is no file of actuals with this id.")
    return file


def show_file(session: Session, *, file_id: uuid.UUID) -> ActualsFileDocument:
    """A file's document: state, counts, forecast. Raises Refused ``not_found``."""
    return file_document(require_file(session, file_id))


def list_errors(session: Session, *, file_id: uuid.UUID, after: int, limit: int) -> list[RowFinding]:
    """A page of a file's errors, in row order. Raises Refused ``not_found``."""
    file = require_file(session, file_id)
    return files_store.list_findings(session, file.file_id, is_rejection=True, after=after, limit=limit)


def list_newest(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    limit: int,
    before: store_views.Place | None = None,
) -> list[ListedActualsFile]:
    """The newest files before one, each with its document and the name of its organisation. Raises Refused ``not_found``."""
    asked = organisation_asked(session, caller, organisation)
    query = (
        select(ActualsFile, Organisation.name)
        .join(Organisation, Organisation.organisation_id == ActualsFile.organisation_id)
        .order_by(ActualsFile.uploaded_at.desc(), ActualsFile.file_id.desc())
        .limit(limit)
    )
    if asked is not None:
        query = query.where(ActualsFile.organisation_id == asked)
    if before is not None:
        query = query.where(tuple_(ActualsFile.uploaded_at, ActualsFile.file_id) < before)
    return [{**file_document(file), "organisation": name} for file, name in session.execute(query)]


def file_document(file: ActualsFile) -> ActualsFileDocument:
    """A file as the faces show it, without its errors; counted in actuals."""
    counts = file.counts
    matched = counts["new"] + counts["updated"] + counts["unchanged"] if counts else 0
    payable = file.forecast_payable
    refusal: FileRefusal | None = None
    if file.refusal is not None and file.refusal_code is not None:
        refusal = {"code": file.refusal_code, "message": file.refusal}
    return {
        "id": str(file.file_id),
        "organisation_id": str(file.organisation_id),
        "file_name": file.file_name,
        "state": file.state,
        "counts": counts
        and {
            "read": counts["read"],
            "new": counts["new"],
            "updated": counts["updated"],
            "unchanged": counts["unchanged"],
            "deleted": counts["deleted"],
            "rejected": counts["rejected"],
            "issues": counts["issues"],
        },
        "check_version": file.check_version,
        "forecast": None
        if payable is None
        else {"payable": pounds_text(payable), "matched": matched, "unmatched": {}},
        "refusal": refusal,
        "file_warnings": list(file.file_warnings or ()),
        "rejected_key": rejected_key(file) if counts and counts["rejected"] else None,
        "uploaded_by": file.uploaded_by,
        "uploaded_at": file.uploaded_at.isoformat(),
        "confirmed_by": file.confirmed_by,
        "confirmed_at": file.confirmed_at.isoformat() if file.confirmed_at else None,
    }


def rejected_key(file: ActualsFile) -> str:
    """Where the rejected rows of a file's newest check lie."""
    return f"rejected/{file.file_id}-{file.check_version}.csv"
