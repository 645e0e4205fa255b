"""Rows of a checked file with the same fault and the same mend, for who mends all of them at once (RULES 4)."""

import uuid
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.seams.ingest.mending import RowsOfKind, RowsToMend
from services.ingest.files.views import require_file
from services.ingest.mending import store
from services.ingest.mending.rules import MENDED_BY

MOST_KINDS: Final = 50


def list_kinds(session: Session, *, file_id: uuid.UUID) -> list[RowsOfKind]:
    """The kinds of rows that one other value may mend, most rows first, so many at most; none once it is updated.

    Raises Refused ``not_found``.
    """
    file = require_file(session, file_id)
    if file.state != "checked":
        return []
    return [
        {
            "fault": fault,
            "cell": MENDED_BY[fault],
            "value": value,
            "rows": rows,
            "amount": pounds_text(amount) if isinstance(amount, Decimal) else None,
        }
        for fault, value, rows, amount in store.kinds(session, file.file_id, MOST_KINDS)
    ]


def find_rows(session: Session, *, file_id: uuid.UUID, fault: str, value: str) -> RowsToMend:
    """The rows of one kind, and where the file lies. Raises Refused ``not_found``."""
    file = require_file(session, file_id)
    return {
        "object_key": file.object_key,
        "check_version": file.check_version,
        "rows": store.rows_of_kind(session, file.file_id, fault, value) if file.state == "checked" else [],
    }
