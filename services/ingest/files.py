"""Visits files as pages show them: the newest ones, and what is to be corrected in one, counted (RULES 4)."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from services.ingest import store_files
from services.ingest.asking import organisation_asked
from services.ingest.workflow import document, known_file


def newest_files(
    session: Session, caller: Caller, *, organisation: str | None, limit: int
) -> list[dict[str, Any]]:
    """The newest files, each with its document and the name of its organisation.

    Raises Refused ``not_found`` for an unknown organisation.
    """
    files = store_files.newest(session, organisation_asked(session, caller, organisation), limit=limit)
    return [document(file) | {"organisation": name} for file, name in files]


def summary(session: Session, file_id: uuid.UUID) -> dict[str, Any]:
    """How many rows each error and each warning names, and the Mondays of the weeks that the file changes.

    The weeks are known for as long as the staged rows are kept (docs/retention.md). Raises Refused ``not_found``.
    """
    file = known_file(session, file_id)
    return {
        "findings": store_files.findings(session, file.file_id),
        "weeks": store_files.weeks(session, file.file_id),
        "organisation": store_files.organisation_name(session, file.organisation_id),
    }
