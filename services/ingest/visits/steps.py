"""One visit at a time: entered, corrected, deleted, under the rules of a file (RULES 3, 4). Never commits."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit_many
from libs.common.rpc import Caller
from libs.common.seams.ingest.visits import SavedVisit, VisitWithVersions
from services.ingest.callers import organisation_asked
from services.ingest.reference import store as reference_store
from services.ingest.rows.facts import Visit
from services.ingest.rows.rules import check_rows
from services.ingest.rows.stored import row_of
from services.ingest.visits import store
from services.ingest.visits.events import bodies_in_order, emit_visit_changed
from services.ingest.visits.views import find_visit, require_visit, with_versions
from services.ingest.visits.weeks import note_weeks_changed


def put_visit(
    session: Session,
    caller: Caller,
    now: dt.datetime,
    *,
    visit_ref: str,
    organisation: str | None,
    values: Mapping[str, str],
    version: int | None,
    any_version: bool = False,
) -> SavedVisit:
    """Enter a visit, or replace it; a row that is equal to what is stored changes nothing.

    ``version`` is the one that is replaced, 0 for a visit that must be new. Raises Refused ``rejected`` with every
    reason in ``details``, ``version_wanted``, ``version_differs``, ``not_found``, ``organisation_wanted``.
    """
    organisation_id = require_organisation(session, caller, visit_ref, organisation)
    store.lock_organisation(session, organisation_id)
    known = store.find_by_refs(session, [(organisation_id, visit_ref)])
    refuse_other_version(known[0] if known else None, version, any_version=any_version)
    visit = require_storable(session, organisation_id, visit_ref, values, london_day(now))
    digest = visit.digest()
    before = store.find_digests(session, organisation_id, [visit_ref]).get(visit_ref)
    if before != (digest, False):
        if before:
            store.keep_replaced(session, organisation_id, visit_ref)
            note_weeks_changed(session, organisation_id, [known[0]["planned_on"]])  # it may move to another
        new_version = store.save(session, organisation_id, visit, digest, caller["who"])
        emit_visit_changed(session, organisation_id, visit, new_version)
    (row,) = store.find_by_refs(session, [(organisation_id, visit_ref)])
    return {**with_versions(session, row), "created": not known}


def require_organisation(
    session: Session, caller: Caller, visit_ref: str, organisation: str | None
) -> uuid.UUID:
    """The organisation of a visit that is entered or replaced. Raises Refused ``organisation_wanted``."""
    organisation_id = organisation_asked(session, caller, organisation)
    if organisation_id is None:
        row = find_visit(session, caller, visit_ref, None)
        if row is None:
            raise Refused("organisation_wanted", "Say whose visit it is, with ?organisation=NAME.")
        return uuid.UUID(row["organisation_id"])
    return organisation_id


def refuse_other_version(known: Mapping[str, Any] | None, version: int | None, *, any_version: bool) -> None:
    """Whoever replaces a visit says which version they saw, so that no change is lost unseen."""
    if known is None:
        if version or any_version:
            raise Refused("version_differs", "There is no such visit any more to replace.")
        return
    if any_version or version == known["version"]:
        return
    if version is None:
        raise Refused("version_wanted", "Say which version you replace: send its ETag as If-Match.")
    raise Refused("version_differs", "The visit was changed since: look at it again, then send your change.")


def require_storable(
    session: Session, organisation_id: uuid.UUID, visit_ref: str, values: Mapping[str, str], today: dt.date
) -> Visit:
    """The visit that these values are (RULES 3). Raises Refused ``rejected`` with every reason."""
    row = row_of(visit_ref, values)
    known = store.find_digests(session, organisation_id, [visit_ref])
    reference = reference_store.reference_for(session, organisation_id, known)
    checked = check_rows([(1, row)], reference, today)
    errors = [{"column": e.column, "code": e.code, "message": e.message} for e in checked.errors]
    if not errors and checked.accepted[0][1].visit_ref != visit_ref:
        sentence = "VisitRef may not begin or end with a space."
        errors = [{"column": "VisitRef", "code": "visit_ref_spaces", "message": sentence}]
    if errors:
        raise Refused(
            "rejected", "The visit can't be stored as it is: correct what is named.", {"errors": errors}
        )
    return checked.accepted[0][1]


def delete_visit(
    session: Session,
    caller: Caller,
    *,
    visit_ref: str,
    organisation: str | None,
    reason: str | None,
    version: int | None,
) -> VisitWithVersions:
    """Delete a visit; its history stays and its money is taken back. Deleting it again changes nothing.

    Raises Refused ``not_found``, ``organisation_wanted``, ``version_differs``.
    """
    found = require_visit(session, caller, visit_ref, organisation)
    organisation_id = uuid.UUID(found["organisation_id"])
    store.lock_organisation(session, organisation_id)
    (row,) = store.find_by_refs(session, [(organisation_id, visit_ref)])
    if version is not None:
        refuse_other_version(row, version, any_version=False)
    if not row["deleted"]:
        remove_visit(session, organisation_id, row, reason, caller["who"])
        (row,) = store.find_by_refs(session, [(organisation_id, visit_ref)])
    return with_versions(session, row)


def remove_visit(
    session: Session,
    organisation_id: uuid.UUID,
    row: Mapping[str, Any],
    reason: str | None,
    who: str,
    *,
    cause_id: str | None = None,
) -> None:
    """Delete a visit that is there, and say so. The organisation is locked."""
    store.keep_replaced(session, organisation_id, row["visit_ref"])
    version = store.delete(session, organisation_id, row["visit_ref"], reason, who)
    visit = Visit(**{name: row[name] for name in Visit._fields})
    emit_visit_changed(session, organisation_id, visit, version, deleted=True, cause_id=cause_id)


def resync_visits(session: Session, *, cause_id: uuid.UUID) -> int:
    """Say the current state of all visits again; how many messages that is."""
    said = 0
    for organisation_id in store.organisations_with_visits(session):
        bodies = bodies_in_order(organisation_id, store.stream_as_said(session, organisation_id))
        said += emit_many(session, "visits_changed", bodies, cause_id=str(cause_id))
    return said
