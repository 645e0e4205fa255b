"""One visit at a time: shown, entered, corrected, deleted, under the rules of a file (RULES 3, 4)."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day, now
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from services.ingest.callers import organisation_asked
from services.ingest.files import store as files_store
from services.ingest.reference import store as reference_store
from services.ingest.rows.facts import Visit
from services.ingest.rows.rules import check_rows
from services.ingest.rows.stored import cells_of, row_of
from services.ingest.visits import store as visits_store

VERSIONS_SHOWN = 100
NOT_FOUND = "There is no visit with this reference."


def visits_of_refs(session: Session, refs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The visits of these (organisation id, VisitRef), as far as the caller may see them."""
    return list(map(shown, visits_store.by_refs(session, refs)))


def one_visit(
    session: Session, caller: Caller, visit_ref: str, *, organisation: str | None
) -> dict[str, Any]:
    """A visit with every version it had. Raises Refused ``not_found`` and ``organisation_wanted``."""
    row = found(session, caller, visit_ref, organisation)
    if row is None:
        raise Refused("not_found", NOT_FOUND)
    return with_versions(session, row)


def found(
    session: Session, caller: Caller, visit_ref: str, organisation: str | None
) -> Mapping[str, Any] | None:
    """The visit that is meant; the council must say whose, when several organisations have one."""
    rows = visits_store.of_ref(session, organisation_asked(session, caller, organisation), visit_ref)
    if len(rows) > 1:
        raise Refused(
            "organisation_wanted",
            "Several organisations have a visit with this reference: say whose, with ?organisation=NAME.",
        )
    return rows[0] if rows else None


def put_visit(
    session: Session,
    caller: Caller,
    visit_ref: str,
    *,
    organisation: str | None,
    values: Mapping[str, str],
    version: int | None,
    any_version: bool,
) -> dict[str, Any]:
    """Enter a visit, or replace it; a row that is equal to what is stored changes nothing.

    ``version`` is the one that is replaced, 0 for a visit that must be new. Raises Refused ``rejected`` with every
    reason in ``details``, ``version_wanted``, ``version_differs``, ``not_found``, ``organisation_wanted``.
    """
    organisation_id = whose(session, caller, visit_ref, organisation)
    files_store.lock_organisation(session, organisation_id)
    known = visits_store.by_refs(session, [(str(organisation_id), visit_ref)])
    refuse_other_version(known[0] if known else None, version, any_version=any_version)
    visit = judged(session, organisation_id, visit_ref, values)
    digest = visit.digest()
    before = files_store.known_visits(session, organisation_id, [visit_ref]).get(visit_ref)
    if before != (digest, False):
        if before:
            visits_store.keep_replaced(session, organisation_id, visit_ref)
        say(
            session,
            organisation_id,
            visit,
            visits_store.save(session, organisation_id, visit, digest, caller["who"]),
        )
    row = visits_store.by_refs(session, [(str(organisation_id), visit_ref)])[0]
    return with_versions(session, row) | {"created": not known}


def whose(session: Session, caller: Caller, visit_ref: str, organisation: str | None) -> uuid.UUID:
    """The organisation of a visit that is entered or replaced."""
    organisation_id = organisation_asked(session, caller, organisation)
    if organisation_id is None:
        row = found(session, caller, visit_ref, None)
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


def judged(session: Session, organisation_id: uuid.UUID, visit_ref: str, values: Mapping[str, str]) -> Visit:
    """The visit that these values are (RULES 3). Raises Refused ``rejected`` with every reason."""
    row = row_of(visit_ref, values)
    known = files_store.known_visits(session, organisation_id, [visit_ref])
    reference = reference_store.reference_for(session, organisation_id, known)
    checked = check_rows([(1, row)], reference, london_day(now()))
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
    visit_ref: str,
    *,
    organisation: str | None,
    reason: str | None,
    version: int | None,
) -> dict[str, Any]:
    """Delete a visit; its history stays and its money is taken back. Deleting it again changes nothing."""
    row = found(session, caller, visit_ref, organisation)
    if row is None:
        raise Refused("not_found", NOT_FOUND)
    organisation_id = uuid.UUID(row["organisation_id"])
    files_store.lock_organisation(session, organisation_id)
    row = visits_store.by_refs(session, [(str(organisation_id), visit_ref)])[0]
    if version is not None:
        refuse_other_version(row, version, any_version=False)
    if not row["deleted"]:
        remove(session, organisation_id, row, reason, caller["who"])
        row = visits_store.by_refs(session, [(str(organisation_id), visit_ref)])[0]
    return with_versions(session, row)


def remove(
    session: Session,
    organisation_id: uuid.UUID,
    row: Mapping[str, Any],
    reason: str | None,
    who: str,
    *,
    cause_id: str | None = None,
) -> None:
    """Delete a visit that is there, and say so. The organisation is locked."""
    visits_store.keep_replaced(session, organisation_id, row["visit_ref"])
    version = visits_store.delete(session, organisation_id, row["visit_ref"], reason, who)
    visit = Visit(**{name: row[name] for name in Visit._fields})
    say(session, organisation_id, visit, version, deleted=True, cause_id=cause_id)


def say(
    session: Session,
    organisation_id: uuid.UUID,
    visit: Visit,
    version: int,
    *,
    deleted: bool = False,
    cause_id: str | None = None,
) -> None:
    """``visits_changed`` for this one visit; it overtakes what files changed. cause_id: a new one when None."""
    seconds = None
    if visit.delivered_entry is not None and visit.delivered_exit is not None:
        seconds = (visit.delivered_exit - visit.delivered_entry) % 86_400
    names = [
        "visit_ref",
        "ssref",
        "client_ref",
        "nhs_number",
        "service_level",
        "service_ref",
        "service_name",
        "visit_type",
        "planned_entry",
        "planned_exit",
        "carer_ref",
    ]
    facts = {name: getattr(visit, name) for name in names} | {
        "version": version,
        "deleted": deleted,
        "planned_on": visit.planned_on.isoformat(),
        "delivered_seconds": seconds,
    }
    body = {
        "organisation_id": str(organisation_id),
        "columns": {name: [value] for name, value in facts.items()},
    }
    emit(session, "visits_changed", body, cause_id=cause_id or str(uuid.uuid4()), lane="single")


def with_versions(session: Session, row: Mapping[str, Any]) -> dict[str, Any]:
    """A visit as it is shown alone: with every version that a later one replaced."""
    organisation_id, ref = uuid.UUID(row["organisation_id"]), row["visit_ref"]
    versions = visits_store.versions_of(session, organisation_id, ref, limit=VERSIONS_SHOWN)
    reason = visits_store.deletion_reason(session, organisation_id, ref, row["version"])
    return shown(row) | {"reason_of_deletion": reason, "versions": list(map(shown_version, versions))}


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A visit as the faces show it: what was written, and what is known about it."""
    names = ("organisation_id", "organisation", "version", "deleted", "file_id", "changed_by", "changed_at")
    return {
        "ref": row["visit_ref"],
        **{name: row[name] for name in names},
        "planned_on": row["planned_on"],
        "issues": list(row["issues"] or ()),
        "values": cells_of(row),
    }


def shown_version(row: Mapping[str, Any]) -> dict[str, Any]:
    """A version that was replaced: who, when, through which file, and what it said."""
    names = ("version", "deleted", "file_id", "changed_by", "changed_at")
    return {name: row[name] for name in names} | {
        "reason_of_deletion": row["reason"],
        "values": cells_of(row),
    }
