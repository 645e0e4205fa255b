"""Queries of ingest on visits; row-level security limits what a provider sees."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.ingest.rows.facts import Visit
from services.ingest.visits.events import IN_ORDER, SAID

VALUE_COLUMNS = Visit._fields
_VALUES = ", ".join(f"v.{name}" for name in VALUE_COLUMNS)
_STORED = ", ".join((*VALUE_COLUMNS, "digest"))
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in (*VALUE_COLUMNS[1:], "digest"))
SELECT = (
    "SELECT v.organisation_id::text, o.name AS organisation, v.version, v.deleted, v.file_id::text, v.changed_by,"
    f" v.changed_at, {_VALUES} FROM visits v JOIN organisations o USING (organisation_id)"
)

_OF_ORGANISATION = text(
    f"SELECT {SAID} FROM visits WHERE organisation_id = :organisation ORDER BY {IN_ORDER}"
)
STREAMED = 2_000
"""Rows that are fetched at once."""

Row = dict[str, Any]


def lock_organisation(session: Session, organisation_id: uuid.UUID) -> None:
    """Change the visits of one organisation one after the other."""
    session.execute(
        text("SELECT 1 FROM organisations WHERE organisation_id = :id FOR UPDATE"), {"id": organisation_id}
    )


def find_digests(
    session: Session, organisation_id: uuid.UUID, visit_refs: Collection[str]
) -> dict[str, tuple[bytes, bool]]:
    """Digest and whether deleted, of the organisation's visits of these VisitRefs."""
    rows = session.execute(
        text(
            "SELECT visit_ref, digest, deleted FROM visits"
            " WHERE organisation_id = :id AND visit_ref = ANY(CAST(:refs AS text[]))"
        ),
        {"id": organisation_id, "refs": array_text(visit_refs)},
    )
    return {ref: (bytes(digest), deleted) for ref, digest, deleted in rows}


def stream_as_said(session: Session, organisation_id: uuid.UUID) -> Iterator[Any]:
    """All visits of an organisation in the columns of ``visits_changed`` and in their order, for ``resync``."""
    values = {"organisation": organisation_id}
    yield from session.execute(_OF_ORGANISATION, values, execution_options={"yield_per": STREAMED})


def organisations_with_visits(session: Session) -> list[uuid.UUID]:
    """Every organisation that has visits, deleted ones too."""
    return list(session.scalars(text("SELECT DISTINCT organisation_id FROM visits")))


def find_by_refs(session: Session, refs: Sequence[tuple[uuid.UUID, str]]) -> list[Row]:
    """The visits of these (organisation id, VisitRef), deleted ones too, in that order."""
    rows = session.execute(
        text(
            f"{SELECT} WHERE (v.organisation_id, v.visit_ref) IN"
            " (SELECT * FROM unnest(CAST(:organisations AS uuid[]), CAST(:refs AS text[])))"
            " ORDER BY v.organisation_id, v.visit_ref"
        ),
        {"organisations": [one for one, _ in refs], "refs": [ref for _, ref in refs]},
    )
    return [dict(row) for row in rows.mappings()]


def find_by_ref(session: Session, organisation_id: uuid.UUID | None, visit_ref: str) -> list[Row]:
    """The visits of this VisitRef, of one organisation or of each; deleted ones too."""
    rows = session.execute(
        text(
            f"{SELECT} WHERE v.visit_ref = :ref"
            " AND (CAST(:organisation AS uuid) IS NULL OR v.organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY v.organisation_id LIMIT 2"
        ),
        {"organisation": organisation_id, "ref": visit_ref},
    )
    return [dict(row) for row in rows.mappings()]


def list_versions(session: Session, organisation_id: uuid.UUID, visit_ref: str, *, limit: int) -> list[Row]:
    """Every version that a later one replaced, newest first, with why it was a deletion."""
    rows = session.execute(
        text(
            "SELECT v.version, v.deleted, v.file_id::text, v.changed_by, v.changed_at, d.reason,"
            f" {_VALUES} FROM visit_versions v LEFT JOIN visit_deletions d USING (organisation_id, visit_ref, version)"
            " WHERE v.organisation_id = :organisation AND v.visit_ref = :ref ORDER BY v.version DESC LIMIT :limit"
        ),
        {"organisation": organisation_id, "ref": visit_ref, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def find_deletion_reason(
    session: Session, organisation_id: uuid.UUID, visit_ref: str, version: int
) -> str | None:
    """Why this version deleted the visit; None when it did not, or no reason was given."""
    reason: str | None = session.scalar(
        text(
            "SELECT reason FROM visit_deletions WHERE organisation_id = :organisation AND visit_ref = :ref"
            " AND version = :version"
        ),
        {"organisation": organisation_id, "ref": visit_ref, "version": version},
    )
    return reason


def keep_replaced(session: Session, organisation_id: uuid.UUID, visit_ref: str) -> None:
    """Keep the version that is about to be replaced. The organisation's row is locked."""
    session.execute(
        text(
            "INSERT INTO visit_versions (organisation_id, version, deleted, file_id, changed_by, changed_at,"
            f" {_STORED}) SELECT v.organisation_id, v.version, v.deleted, v.file_id, v.changed_by, v.changed_at,"
            f" {_VALUES}, v.digest FROM visits v WHERE v.organisation_id = :organisation AND v.visit_ref = :ref"
        ),
        {"organisation": organisation_id, "ref": visit_ref},
    )


def save(session: Session, organisation_id: uuid.UUID, visit: Visit, digest: bytes, who: str) -> int:
    """Store one visit, bringing back a deleted one; its new version."""
    marks = ", ".join(f":{name}" for name in (*VALUE_COLUMNS, "digest"))
    values = {**visit._asdict(), "issues": list(visit.issues), "digest": digest}
    version = session.scalar(
        text(
            f"INSERT INTO visits (organisation_id, version, changed_by, {_STORED})"
            f" VALUES (:organisation, nextval('version'), :who, {marks})"
            " ON CONFLICT (organisation_id, visit_ref) DO UPDATE SET version = nextval('version'), deleted = false,"
            f" file_id = NULL, changed_by = excluded.changed_by, changed_at = now(), {_CHANGES} RETURNING version"
        ),
        {**values, "organisation": organisation_id, "who": who},
    )
    _raise_visits_version(session, organisation_id)
    return int(version or 0)


def delete(session: Session, organisation_id: uuid.UUID, visit_ref: str, reason: str | None, who: str) -> int:
    """Delete one visit and note why; its new version."""
    values = {"organisation": organisation_id, "ref": visit_ref, "who": who}
    version = session.scalar(
        text(
            "UPDATE visits SET deleted = true, version = nextval('version'), file_id = NULL, changed_by = :who,"
            " changed_at = now() WHERE organisation_id = :organisation AND visit_ref = :ref RETURNING version"
        ),
        values,
    )
    if reason:
        session.execute(
            text(
                "INSERT INTO visit_deletions (organisation_id, visit_ref, version, reason)"
                " VALUES (:organisation, :ref, :version, :reason)"
            ),
            {**values, "version": version, "reason": reason},
        )
    _raise_visits_version(session, organisation_id)
    return int(version or 0)


def delete_many(
    session: Session, organisation_id: uuid.UUID, visit_refs: Sequence[str], reason: str | None, who: str
) -> Iterator[Any]:
    """Delete these visits of an organisation, none of them deleted yet, and note why; all in the columns of
    ``visits_changed`` and in their order. The organisation's row is locked.
    """
    values = {"organisation": organisation_id, "refs": array_text(visit_refs), "who": who, "reason": reason}
    of_refs = "v.organisation_id = :organisation AND v.visit_ref = ANY(CAST(:refs AS text[]))"
    session.execute(
        text(
            "INSERT INTO visit_versions (organisation_id, version, deleted, file_id, changed_by, changed_at,"
            f" {_STORED}) SELECT v.organisation_id, v.version, v.deleted, v.file_id, v.changed_by, v.changed_at,"
            f" {_VALUES}, v.digest FROM visits v WHERE {of_refs}"
        ),
        values,
    )
    session.execute(
        text(
            "UPDATE visits v SET deleted = true, version = nextval('version'), file_id = NULL, changed_by = :who,"
            f" changed_at = now() WHERE {of_refs}"
        ),
        values,
    )
    if reason:
        session.execute(
            text(
                "INSERT INTO visit_deletions (organisation_id, visit_ref, version, reason)"
                f" SELECT v.organisation_id, v.visit_ref, v.version, :reason FROM visits v WHERE {of_refs}"
            ),
            values,
        )
    _raise_visits_version(session, organisation_id)
    yield from session.execute(
        text(f"SELECT {SAID} FROM visits v WHERE {of_refs} ORDER BY {IN_ORDER}"), values
    )


def _raise_visits_version(session: Session, organisation_id: uuid.UUID) -> None:
    """A file that was checked before this change is judged again when it is confirmed (RULES 4)."""
    session.execute(
        text("UPDATE organisations SET visits_version = nextval('version') WHERE organisation_id = :id"),
        {"id": organisation_id},
    )
