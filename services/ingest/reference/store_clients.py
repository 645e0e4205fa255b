"""Queries of ingest on what care says of clients: references of digits alone (RULES 19)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text


def save_references(session: Session, packages: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest reference of each CPLI's client, if it is digits alone; any other can't be cut unnoticed."""
    kept = [one for one in packages if _is_digits(one["client_reference"])]
    if kept:
        session.execute(_KEEP, _columns(kept))
    left_out = [one for one in packages if not _is_digits(one["client_reference"])]
    if left_out:
        session.execute(_FORGET, _columns(left_out))


def references(session: Session, organisation_id: uuid.UUID) -> frozenset[str]:
    """The references of digits alone by which an organisation's clients are known."""
    statement = text("SELECT DISTINCT reference FROM client_references WHERE organisation_id = :id")
    return frozenset(session.scalars(statement, {"id": organisation_id}))


def _is_digits(reference: str) -> bool:
    return reference.isascii() and reference.isdigit()


def _columns(packages: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    names = ("cpli_id", "organisation_id", "client_reference", "version")
    return {name: array_text([one[name] for one in packages]) for name in names}


_SAID = (
    "unnest(CAST(:cpli_id AS bigint[]), CAST(:organisation_id AS uuid[]), CAST(:client_reference AS text[]),"
    " CAST(:version AS bigint[])) AS said (cpli_id, organisation_id, reference, version)"
)
_KEEP = text(
    "INSERT INTO client_references (cpli_id, organisation_id, reference, version)"
    f" SELECT cpli_id, organisation_id, reference, version FROM {_SAID}"
    " ON CONFLICT (cpli_id) DO UPDATE SET organisation_id = excluded.organisation_id,"
    " reference = excluded.reference, version = excluded.version"
    " WHERE client_references.version < excluded.version"
)
_FORGET = text(
    f"DELETE FROM client_references r USING {_SAID} WHERE r.cpli_id = said.cpli_id AND r.version < said.version"
)
