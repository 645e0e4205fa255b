"""Queries of samples; what was picked stands among the doubts."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.casework.doubts import PROPOSED

Row = dict[str, Any]

FINDER = "sample"
_SAMPLE = "sample_id, monday, organisation_id, way, size, seed, out_of, picked_by, picked_at"


def insert_sample(session: Session, facts: Mapping[str, Any]) -> bool:
    """Add a sample; False when it is there already."""
    added = session.execute(
        text(
            f"INSERT INTO samples ({_SAMPLE}) VALUES (:sample_id, :monday, :organisation_id, :way, :size, :seed,"
            " :out_of, :picked_by, :picked_at) ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(facts),
    )
    return added.first() is not None


def insert_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add what was picked."""
    if not rows:
        return
    session.execute(
        text(
            "INSERT INTO doubts (doubt_id, finder, version, organisation_id, monday, kind, client_reference, cpli_id,"
            " visits, first_on, last_on, evidence, state, found_at, sample_id) VALUES (:doubt_id, :finder, 0,"
            " :organisation_id, :monday, :kind, :client, :cpli_id, '{}', :monday, :last_on,"
            " CAST(:evidence AS jsonb), :proposed, :now, :sample_id)"
        ),
        [
            {**row, "evidence": json.dumps(row["evidence"]), "finder": FINDER, "proposed": PROPOSED}
            for row in rows
        ],
    )


def find_sample(session: Session, sample_id: uuid.UUID) -> Row | None:
    """A sample."""
    found = session.execute(text(f"SELECT {_SAMPLE} FROM samples WHERE sample_id = :id"), {"id": sample_id})
    row = found.mappings().first()
    return None if row is None else dict(row)


def count_states(session: Session, sample_id: uuid.UUID) -> dict[str, int]:
    """How many of a sample are in which state."""
    rows = session.execute(
        text("SELECT state, count(*) FROM doubts WHERE sample_id = :id GROUP BY 1"), {"id": sample_id}
    )
    return {row[0]: row[1] for row in rows}


def list_samples(session: Session, monday: dt.date, limit: int) -> list[Row]:
    """The samples of a week, the newest first, each with how many are not looked at yet."""
    rows = session.execute(
        text(
            f"SELECT {_SAMPLE}, (SELECT count(*) FROM doubts d WHERE d.sample_id = s.sample_id"
            " AND d.state = :proposed) AS left_to_do FROM samples s WHERE monday = :monday"
            " ORDER BY picked_at DESC, sample_id LIMIT :limit"
        ),
        {"monday": monday, "limit": limit, "proposed": PROPOSED},
    )
    return [dict(row) for row in rows.mappings()]
