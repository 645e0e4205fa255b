"""What ingest tells of rows that fit nothing: levels, services, carers; and by what they name clients (RULES 16)."""

import datetime as dt
import uuid
from collections import defaultdict

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.rpc import Caller
from libs.common.seams.ingest.cleansing import Cleansing, NamingRow, NamingRows, WrittenClient
from services.ingest.callers import name_of, organisation_asked
from services.ingest.cleansing import store
from services.ingest.cleansing.rules import CLIENTS, KIND_OF_COLUMN, Named, misfits, named_in
from services.ingest.cleansing.store import Rows
from services.ingest.files import views as files_views
from services.ingest.reference import store as reference_store

MOST_REASONS = 50_000
"""Of rejected rows: more are not looked at at once."""
MOST_ROWS = 500


def cleansing(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    file_id: uuid.UUID | None,
    first: dt.date | None,
    last: dt.date | None,
) -> Cleansing:
    """What an organisation's rows name that fits nothing, rejected rows too, and all clients' references that they name.

    Raises Refused ``not_found`` and ``organisation_wanted``.
    """
    rows = _rows(session, caller, organisation, file_id, first, last)
    name = name_of(session, rows.organisation_id)
    if name is None:  # nothing of it was ever heard, nor sent
        return {"organisation": "", "misfits": [], "clients": [], "is_complete": True}
    named = store.count_named(session, rows)
    rejected = store.list_rejected(session, rows, MOST_REASONS + 1)
    keys: dict[Named, set[str]] = defaultdict(set)
    for one, key in named_in(rejected[:MOST_REASONS], rows.first, rows.last):
        keys[one].add(key)
    named += [(one, len(of_it)) for one, of_it in keys.items()]
    reference = reference_store.reference_for(session, rows.organisation_id, ())
    clients: list[WrittenClient] = [
        {"mark": one.other, "written": one.written, "visits": number}
        for one, number in named
        if one.kind == CLIENTS
    ]
    return {
        "organisation": name,
        "misfits": misfits(reference, named),
        "clients": clients,
        "is_complete": len(rejected) <= MOST_REASONS,
    }


def list_naming_rows(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    file_id: uuid.UUID | None,
    first: dt.date | None,
    last: dt.date | None,
    kind: str,
    written: str,
) -> NamingRows:
    """The first rows that name something: visits that are stored, rows still to be confirmed, and rejected ones.

    Raises Refused ``not_found`` and ``organisation_wanted``.
    """
    rows = _rows(session, caller, organisation, file_id, first, last)
    name = name_of(session, rows.organisation_id) or ""
    found: list[NamingRow] = [
        {
            "organisation": name,
            "visit_ref": row["visit_ref"],
            "planned": row["planned_on"].isoformat() if row["planned_on"] else "",
            "state": "stored" if row["is_stored"] else "to confirm",
            "file_id": row["file_id"],
            "file_name": row["file_name"],
            "row": row["row_number"],
            "why": "",
        }
        for row in store.list_accepted_naming(session, rows, kind, written, MOST_ROWS + 1)
    ]
    columns = [column for column, of in KIND_OF_COLUMN.items() if of == kind]
    for row in store.list_rejected_naming(session, rows, kind, columns, written, MOST_ROWS + 1):
        planned_on = parse_date(row["planned_date"])
        if planned_on and rows.first and rows.last and not rows.first <= planned_on <= rows.last:
            continue
        found.append(
            {
                "organisation": name,
                "visit_ref": row["visit_ref"],
                "planned": planned_on.isoformat() if planned_on else row["planned_date"],
                "state": "rejected",
                "file_id": row["file_id"],
                "file_name": row["file_name"],
                "row": row["row_number"],
                "why": row["message"],
            }
        )
    return {"rows": found[:MOST_ROWS], "is_complete": len(found) <= MOST_ROWS}


def _rows(
    session: Session,
    caller: Caller,
    organisation: str | None,
    file_id: uuid.UUID | None,
    first: dt.date | None,
    last: dt.date | None,
) -> Rows:
    """Whose rows, and which. A file says itself whose it is; its days are all days."""
    asked = organisation_asked(session, caller, organisation)
    if file_id is not None:
        file = files_views.require_file(session, file_id)
        if asked not in (None, file.organisation_id):
            raise Refused("not_found", "There is no visits file with this id.")
        return Rows(file.organisation_id, file_id, None, None)
    if asked is None:
        raise Refused("organisation_wanted", "Say whose rows: choose a provider.")
    return Rows(asked, None, first, last)
