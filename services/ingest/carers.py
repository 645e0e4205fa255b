"""Importing a provider's carers: visits may name only carers that were imported before (RULES 3)."""

from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.objects import read_object
from services.ingest import store_reference
from services.ingest.reading import FileRefused, read_carers_csv
from services.ingest.rules_carers import check_carers


def import_carers(session: Session, *, organisation: str, object_key: str) -> dict[str, Any]:
    """Add or rename the carers of a file: counts, and every reason of every rejected row. Raises Refused."""
    organisation_id, is_known = store_reference.organisation_named(session, organisation)
    try:
        raw = read_carers_csv(read_object(object_key))
    except FileRefused as refusal:
        raise Refused(refusal.code, refusal.message) from refusal
    checked = check_carers(raw.rows)
    carers = [carer._asdict() for carer in checked.accepted.values()]
    new = store_reference.save_carers(session, organisation_id, carers)
    errors = [
        {"row": e.row, "ref": e.ref, "column": e.column, "code": e.code, "message": e.message}
        for e in checked.errors
    ]
    rejected = len({error["row"] for error in errors})
    counts = {"read": len(raw.rows), "new": new, "rejected": rejected}
    return {"counts": counts, "errors": errors, "organisation_known": is_known}
