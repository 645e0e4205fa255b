"""Queries of rankings that were frozen, and of appeals; a provider sees its own places and appeals alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.matching.monitoring.ranking import Ranking

Row = dict[str, Any]
KIND: Final = "ranking"
"""Of the proposals by which rankings are frozen."""
_FROZEN = (
    "SELECT f.ranking_id, f.list_id, l.name AS list_name, f.quarter, f.ordinal, f.working_id, f.proposed_by,"
    " f.confirmed_by, f.frozen_at FROM frozen_rankings f JOIN ranked_lists l USING (list_id)"
)
_PLACE = (
    "SELECT p.*, NOT EXISTS (SELECT 1 FROM frozen_places n WHERE n.organisation_id = p.organisation_id"
    " AND n.list_id = p.list_id AND n.quarter = p.quarter AND n.ordinal > p.ordinal) AS is_newest FROM frozen_places p"
)
_APPEAL = (
    "SELECT a.appeal_id, a.ranking_id, a.organisation_id, a.note, a.appealed_by, a.appealed_at, p.list_id, p.list_name,"
    " p.quarter, n.is_upheld, coalesce(n.reason, '') AS reason, n.answered_by, n.answered_at,"
    " (SELECT r.ranking_id FROM frozen_places r WHERE r.organisation_id = a.organisation_id AND r.list_id = p.list_id"
    " AND r.quarter = p.quarter AND r.ordinal > p.ordinal AND n.is_upheld AND r.frozen_at > n.answered_at"
    " ORDER BY r.ordinal LIMIT 1) AS refrozen_as FROM ranking_appeals a JOIN frozen_places p USING (ranking_id, organisation_id)"
    " LEFT JOIN ranking_appeal_answers n USING (appeal_id)"
)


def lock_list(session: Session, list_id: uuid.UUID) -> None:
    """Rankings of one list are frozen one after the other."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('ranked list ' || :id, 0))"), {"id": str(list_id)}
    )


def lock_appeals(session: Session, ranking_id: uuid.UUID, organisation_id: str) -> None:
    """An organisation appeals against one place once at a time."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('ranking appeal ' || :about, 0))"),
        {"about": f"{ranking_id} {organisation_id}"},
    )


def keep_working(session: Session, working_id: uuid.UUID, ranking: Ranking) -> None:
    """Keep a ranking word for word."""
    session.execute(
        text(
            "INSERT INTO ranking_workings (working_id, ranking) VALUES (:id, CAST(:ranking AS jsonb))"
            " ON CONFLICT DO NOTHING"
        ),
        {"id": working_id, "ranking": json.dumps(ranking)},
    )


def find_working(session: Session, working_id: uuid.UUID) -> Ranking:
    """What was kept."""
    found: Ranking = session.execute(
        text("SELECT ranking FROM ranking_workings WHERE working_id = :id"), {"id": working_id}
    ).scalar_one()
    return found


def find_waiting(session: Session, list_id: uuid.UUID, quarter: str) -> uuid.UUID | None:
    """The proposal to freeze a list's quarter that waits for a second person, the newest."""
    found: uuid.UUID | None = session.scalar(
        text(
            "SELECT proposal_id FROM proposals p WHERE kind = :kind AND wanted ->> 'list_id' = :id"
            " AND wanted ->> 'quarter' = :quarter AND NOT EXISTS (SELECT 1 FROM proposal_decisions d"
            " WHERE d.proposal_id = p.proposal_id) ORDER BY proposed_at DESC LIMIT 1"
        ),
        {"kind": KIND, "id": str(list_id), "quarter": quarter},
    )
    return found


def decider_of(session: Session, proposal_id: str) -> str:
    """Who decided a proposal."""
    found: str = session.execute(
        text("SELECT decided_by FROM proposal_decisions WHERE proposal_id = CAST(:id AS uuid)"),
        {"id": proposal_id},
    ).scalar_one()
    return found


def insert_frozen(session: Session, row: Mapping[str, Any], places: Sequence[Mapping[str, Any]]) -> None:
    """Freeze a ranking of a list that is locked, with each organisation's own place."""
    session.execute(
        text(
            "INSERT INTO frozen_rankings (ranking_id, list_id, quarter, ordinal, working_id, proposed_by, confirmed_by)"
            " VALUES (:ranking_id, :list_id, :quarter, :ordinal, :working_id, :proposed_by, :confirmed_by)"
        ),
        dict(row),
    )
    session.execute(
        text(
            "INSERT INTO frozen_places (ranking_id, organisation_id, place, out_of, list_id, list_name, quarter, ordinal,"
            " proposed_by, confirmed_by, explained) VALUES (:ranking_id, CAST(:organisation_id AS uuid), :place, :out_of,"
            " :list_id, :list_name, :quarter, :ordinal, :proposed_by, :confirmed_by, CAST(:explained AS jsonb))"
        ),
        [{**row, **place} | {"explained": json.dumps(place["explained"])} for place in places],
    )


def find_frozen(session: Session, ranking_id: uuid.UUID) -> Row | None:
    """A frozen ranking."""
    found = (
        session.execute(text(f"{_FROZEN} WHERE f.ranking_id = :id"), {"id": ranking_id}).mappings().first()
    )
    return None if found is None else dict(found)


def list_frozen(session: Session, list_id: uuid.UUID | None = None, quarter: str | None = None) -> list[Row]:
    """Rankings that were frozen, the newest quarter first, of each the newest first."""
    rows = session.execute(
        text(
            f"{_FROZEN} WHERE (CAST(:id AS uuid) IS NULL OR f.list_id = CAST(:id AS uuid))"
            " AND (CAST(:quarter AS text) IS NULL OR f.quarter = :quarter) ORDER BY f.quarter DESC, f.ordinal DESC"
        ),
        {"id": list_id, "quarter": quarter},
    )
    return [dict(row) for row in rows.mappings()]


def list_places(session: Session, organisation_id: str) -> list[Row]:
    """An organisation's places, the newest quarter first."""
    rows = session.execute(
        text(
            f"{_PLACE} WHERE p.organisation_id = CAST(:organisation AS uuid)"
            " ORDER BY p.quarter DESC, p.list_name, p.ordinal DESC"
        ),
        {"organisation": organisation_id},
    )
    return [dict(row) for row in rows.mappings()]


def find_place(session: Session, ranking_id: uuid.UUID, organisation_id: str) -> Row | None:
    """An organisation's place in a frozen ranking."""
    found = session.execute(
        text(f"{_PLACE} WHERE p.ranking_id = :id AND p.organisation_id = CAST(:organisation AS uuid)"),
        {"id": ranking_id, "organisation": organisation_id},
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def list_appeals(
    session: Session, *, ranking_id: uuid.UUID | None = None, organisation_id: str | None = None
) -> list[Row]:
    """Appeals against a ranking, or all, those that wait first, then the newest."""
    rows = session.execute(
        text(
            f"{_APPEAL} WHERE (CAST(:ranking AS uuid) IS NULL OR a.ranking_id = CAST(:ranking AS uuid))"
            " AND (CAST(:organisation AS uuid) IS NULL OR a.organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY n.answered_at IS NOT NULL, a.appealed_at DESC, a.appeal_id"
        ),
        {"ranking": ranking_id, "organisation": organisation_id},
    )
    return [dict(row) for row in rows.mappings()]


def find_appeal(session: Session, appeal_id: uuid.UUID) -> Row | None:
    """An appeal with its answer."""
    found = session.execute(text(f"{_APPEAL} WHERE a.appeal_id = :id"), {"id": appeal_id}).mappings().first()
    return None if found is None else dict(found)


def insert_appeal(session: Session, row: Mapping[str, Any]) -> bool:
    """Add an appeal; False when it is there already."""
    added = session.execute(
        text(
            "INSERT INTO ranking_appeals (appeal_id, ranking_id, organisation_id, note, appealed_by, appealed_at)"
            " VALUES (:appeal_id, :ranking_id, CAST(:organisation_id AS uuid), :note, :who, :now)"
            " ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(row),
    )
    return added.first() is not None


def answer_appeal(session: Session, row: Mapping[str, Any]) -> bool:
    """Answer an appeal; False when it was answered before."""
    added = session.execute(
        text(
            "INSERT INTO ranking_appeal_answers (appeal_id, organisation_id, is_upheld, reason, answered_by,"
            " answered_at) VALUES (:appeal_id, :organisation_id, :is_upheld, :reason, :who, :now)"
            " ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(row),
    )
    return added.first() is not None


def count_appeals(session: Session, limit: int) -> int:
    """How many appeals wait for an answer, counted no further than ``limit``."""
    found = session.scalar(
        text(
            "SELECT count(*) FROM (SELECT 1 FROM ranking_appeals a WHERE NOT EXISTS (SELECT 1"
            " FROM ranking_appeal_answers n WHERE n.appeal_id = a.appeal_id) LIMIT :limit) waiting"
        ),
        {"limit": limit},
    )
    return int(found or 0)
