"""Queries of breach notices and their answers; row-level security shows a provider its own alone."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.casework.concerns import ANSWERED, SENT
from services.disputes.concerns.store import FILE_COLUMNS, condition_of

Row = dict[str, Any]
Place = tuple[dt.datetime, uuid.UUID]
"""(sent_at, notice_id) after which a page begins."""

_COLUMNS = (
    "notice_id", "number", "concern_id", "organisation_id", "kind", "client_reference", "words", "visits", "due_on",
    "state", "council_words", "sent_by", "sent_on", "sent_at", "changed_at",
)  # fmt: skip
_GIVEN = tuple(name for name in _COLUMNS if name != "number")
_NOTICE = ", ".join(_COLUMNS)


def insert_notice(session: Session, row: Mapping[str, Any]) -> None:
    """Add a breach notice."""
    values = ", ".join("CAST(:visits AS jsonb)" if name == "visits" else f":{name}" for name in _GIVEN)
    session.execute(
        text(f"INSERT INTO breach_notices ({', '.join(_GIVEN)}) VALUES ({values})"),
        {name: row[name] for name in _GIVEN} | {"visits": json.dumps(row["visits"])},
    )


def find_notice(session: Session, notice_id: uuid.UUID, *, is_locked: bool = False) -> Row | None:
    """A breach notice; locked until the transaction ends when it is to be changed."""
    lock = " FOR UPDATE" if is_locked else ""
    found = session.execute(
        text(f"SELECT {_NOTICE} FROM breach_notices WHERE notice_id = :notice_id{lock}"),
        {"notice_id": notice_id},
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def list_of_concern(session: Session, concern_id: uuid.UUID) -> list[Row]:
    """The breach notices of a concern, the newest first."""
    rows = session.execute(
        text(f"SELECT {_NOTICE} FROM breach_notices WHERE concern_id = :concern_id ORDER BY sent_at DESC"),
        {"concern_id": concern_id},
    )
    return [dict(row) for row in rows.mappings()]


def list_notices(
    session: Session,
    chosen: Mapping[str, Any],
    *,
    state: str | None,
    after: Place | None,
    limit: int,
) -> list[Row]:
    """A page of breach notices, the newest first. chosen: as `condition_of` takes it, by the day of sending."""
    condition, values = condition_of(chosen, "sent_on")
    values["limit"] = limit
    if state is not None:
        condition += " AND state = :state"
        values["state"] = state
    if after is not None:
        condition += " AND (sent_at, notice_id) < (:after_at, :after_id)"
        values |= {"after_at": after[0], "after_id": after[1]}
    rows = session.execute(
        text(
            f"SELECT {_NOTICE} FROM breach_notices WHERE {condition}"
            " ORDER BY sent_at DESC, notice_id DESC LIMIT :limit"
        ),
        values,
    )
    return [dict(row) for row in rows.mappings()]


def save_state(
    session: Session, notice_id: uuid.UUID, *, state: str, now: dt.datetime, council_words: str = ""
) -> None:
    """How a breach notice stands from now on; its concern is locked."""
    session.execute(
        text(
            "UPDATE breach_notices SET state = :state, changed_at = :now, council_words = :words"
            " WHERE notice_id = :notice_id"
        ),
        {"notice_id": notice_id, "state": state, "now": now, "words": council_words},
    )


def insert_answer(session: Session, row: Mapping[str, Any]) -> bool:
    """Add an answer; False when it is there already."""
    added = session.execute(
        text(
            "INSERT INTO breach_answers (answer_id, notice_id, organisation_id, words, is_late, said_by, said_at)"
            " VALUES (:answer_id, :notice_id, :organisation_id, :words, :is_late, :said_by, :said_at)"
            " ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(row),
    )
    return added.first() is not None


def list_answers(session: Session, notice_ids: Sequence[uuid.UUID]) -> list[Row]:
    """The answers to these breach notices, the first first."""
    rows = session.execute(
        text(
            "SELECT answer_id, notice_id, words, is_late, said_by, said_at FROM breach_answers"
            " WHERE notice_id = ANY(:notice_ids) ORDER BY said_at, answer_id"
        ),
        {"notice_ids": list(notice_ids)},
    )
    return [dict(row) for row in rows.mappings()]


def insert_files(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add files of an answer; each row has FILE_COLUMNS, ``notice_id`` and ``organisation_id``."""
    if rows:
        columns = ("notice_id", "organisation_id", *FILE_COLUMNS)
        values = ", ".join(f":{name}" for name in columns)
        session.execute(
            text(f"INSERT INTO breach_files ({', '.join(columns)}) VALUES ({values})"),
            [dict(row) for row in rows],
        )


def list_files(session: Session, notice_ids: Sequence[uuid.UUID]) -> list[Row]:
    """The files of the answers to these breach notices, the first added first."""
    rows = session.execute(
        text(
            f"SELECT notice_id, {', '.join(FILE_COLUMNS)} FROM breach_files"
            " WHERE notice_id = ANY(:notice_ids) ORDER BY added_at, concern_file_id"
        ),
        {"notice_ids": list(notice_ids)},
    )
    return [dict(row) for row in rows.mappings()]


def count_notices(session: Session, chosen: Mapping[str, Any]) -> int:
    """How many breach notices were sent. chosen: as `condition_of` takes it."""
    condition, values = condition_of(chosen, "sent_on")
    found = session.execute(text(f"SELECT count(*) FROM breach_notices WHERE {condition}"), values)
    return found.scalar_one()


def count_waiting(session: Session, limit: int) -> dict[str, int]:
    """How many breach notices wait for an answer, and how many answered ones for the council; counted to a limit."""
    rows = session.execute(
        text(
            "SELECT state, count(*) AS number FROM (SELECT state FROM breach_notices WHERE state = ANY(:states)"
            " LIMIT :limit) waiting GROUP BY state"
        ),
        {"states": [SENT, ANSWERED], "limit": limit},
    )
    return {row.state: row.number for row in rows}
