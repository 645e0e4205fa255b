"""Visits as the faces show them: what was written, and what is known about it (RULES 3, 4)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.ingest.visits import Visit, VisitVersion, VisitWithVersions
from services.ingest.callers import organisation_asked
from services.ingest.rows.stored import cells_of
from services.ingest.visits import store

VERSIONS_SHOWN = 100
NOT_FOUND = "There is no visit with this reference."


def list_visits_of_refs(session: Session, *, refs: Sequence[tuple[uuid.UUID, str]]) -> list[Visit]:
    """The visits of these (organisation id, VisitRef), as far as the caller may see them."""
    return list(map(visit_document, store.find_by_refs(session, refs)))


def show_visit(
    session: Session, caller: Caller, *, visit_ref: str, organisation: str | None
) -> VisitWithVersions:
    """A visit with every version it had. Raises Refused ``not_found`` and ``organisation_wanted``."""
    return with_versions(session, require_visit(session, caller, visit_ref, organisation))


def require_visit(
    session: Session, caller: Caller, visit_ref: str, organisation: str | None
) -> Mapping[str, Any]:
    """The visit that is meant. Raises Refused ``not_found`` and ``organisation_wanted``."""
    row = find_visit(session, caller, visit_ref, organisation)
    if row is None:
        raise Refused("not_found", NOT_FOUND)
    return row


def find_visit(
    session: Session, caller: Caller, visit_ref: str, organisation: str | None
) -> Mapping[str, Any] | None:
    """The visit that is meant; the council must say whose, when several organisations have one.

    Raises Refused ``not_found`` for an unknown organisation, and ``organisation_wanted``.
    """
    rows = store.find_by_ref(session, organisation_asked(session, caller, organisation), visit_ref)
    if len(rows) > 1:
        raise Refused(
            "organisation_wanted",
            "Several organisations have a visit with this reference: say whose, with ?organisation=NAME.",
        )
    return rows[0] if rows else None


def with_versions(session: Session, row: Mapping[str, Any]) -> VisitWithVersions:
    """A visit as it is shown alone: with every version that a later one replaced."""
    organisation_id, ref = uuid.UUID(row["organisation_id"]), row["visit_ref"]
    versions = store.list_versions(session, organisation_id, ref, limit=VERSIONS_SHOWN)
    return {
        **visit_document(row),
        "reason_of_deletion": store.find_deletion_reason(session, organisation_id, ref, row["version"]),
        "versions": list(map(version_document, versions)),
    }


def visit_document(row: Mapping[str, Any]) -> Visit:
    """A stored visit as the faces show it."""
    return {
        "ref": row["visit_ref"],
        "organisation_id": row["organisation_id"],
        "organisation": row["organisation"],
        "version": row["version"],
        "deleted": row["deleted"],
        "file_id": row["file_id"],
        "changed_by": row["changed_by"],
        "changed_at": row["changed_at"].isoformat(),
        "planned_on": row["planned_on"].isoformat(),
        "issues": list(row["issues"] or ()),
        "values": cells_of(row),
    }


def version_document(row: Mapping[str, Any]) -> VisitVersion:
    """A version that was replaced: who, when, through which file, and what it said."""
    return {
        "version": row["version"],
        "deleted": row["deleted"],
        "file_id": row["file_id"],
        "changed_by": row["changed_by"],
        "changed_at": row["changed_at"].isoformat(),
        "reason_of_deletion": row["reason"],
        "values": cells_of(row),
    }
