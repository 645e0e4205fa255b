"""Queries of ingest on a provider's carers."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.ingest.carers import Carer


def save(session: Session, organisation_id: uuid.UUID, carers: Sequence[Mapping[str, str]]) -> int:
    """Add or rename carers; how many were new."""
    before = session.scalar(_COUNT_CARERS, {"id": organisation_id}) or 0
    session.execute(
        text(
            "INSERT INTO carers (organisation_id, carer_ref, forename, surname) SELECT CAST(:id AS uuid), * FROM"
            " unnest(CAST(:refs AS text[]), CAST(:forenames AS text[]), CAST(:surnames AS text[]))"
            " ON CONFLICT (organisation_id, carer_ref) DO UPDATE SET forename = excluded.forename,"
            " surname = excluded.surname"
        ),
        {
            "id": organisation_id,
            "refs": [carer["carer_ref"] for carer in carers],
            "forenames": [carer["forename"] for carer in carers],
            "surnames": [carer["surname"] for carer in carers],
        },
    )
    session.execute(
        text("UPDATE organisations SET carers_version = nextval('version') WHERE organisation_id = :id"),
        {"id": organisation_id},
    )
    return (session.scalar(_COUNT_CARERS, {"id": organisation_id}) or 0) - before


_COUNT_CARERS = text("SELECT count(*) FROM carers WHERE organisation_id = :id")


def find_names(session: Session, organisation_id: uuid.UUID, refs: Sequence[str]) -> dict[str, str]:
    """Forename and surname of those of these carers that are known, by CarerRef."""
    rows = session.execute(
        text(
            "SELECT carer_ref, concat_ws(' ', nullif(forename, ''), nullif(surname, '')) AS name FROM carers"
            " WHERE organisation_id = :id AND carer_ref = ANY(:refs)"
        ),
        {"id": organisation_id, "refs": list(refs)},
    )
    return {row.carer_ref: row.name for row in rows}


def list_carers(session: Session, organisation_id: uuid.UUID, after: str, limit: int) -> list[Carer]:
    """An organisation's carers after a CarerRef."""
    rows = session.execute(
        text(
            "SELECT carer_ref, forename, surname FROM carers WHERE organisation_id = :id AND carer_ref > :after"
            " ORDER BY carer_ref LIMIT :limit"
        ),
        {"id": organisation_id, "after": after, "limit": limit},
    )
    return [{"carer_ref": ref, "forename": forename, "surname": surname} for ref, forename, surname in rows]
