"""Queries of cases, their conversations and attachments. Row-level security limits each to what the caller may see."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]
Place = tuple[dt.datetime, uuid.UUID]
"""(opened_at, case_id) after which a page begins."""

_CASE = (
    "case_id, number, kind, organisation_id, state, turn, due_at, subject, client_reference, cpli_id, first_on,"
    " last_on, facts, opened_by, opened_at, changed_at"
)
_LIMIT = {"newest": "DESC", "oldest": "ASC"}


def insert_case(session: Session, row: Mapping[str, Any]) -> bool:
    """Add a case; False when it is there already."""
    statement = text(
        "INSERT INTO cases (case_id, kind, organisation_id, state, turn, due_at, subject, client_reference, cpli_id,"
        " first_on, last_on, facts, opened_by, opened_at, changed_at) VALUES (:case_id, :kind, :organisation_id,"
        " :state, :turn, :due_at, :subject, :client_reference, :cpli_id, :first_on, :last_on, CAST(:facts AS jsonb),"
        " :opened_by, :opened_at, :opened_at) ON CONFLICT DO NOTHING RETURNING true"
    )
    return session.execute(statement, dict(row)).first() is not None


def find_case(session: Session, case_id: uuid.UUID, kind: str, *, is_locked: bool = False) -> Row | None:
    """A case of this kind; locked until the transaction ends when it is to be changed."""
    lock = " FOR UPDATE" if is_locked else ""
    found = session.execute(
        text(f"SELECT {_CASE} FROM cases WHERE case_id = :case_id AND kind = :kind{lock}"),
        {"case_id": case_id, "kind": kind},
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def list_cases(
    session: Session,
    kind: str,
    *,
    organisation_id: uuid.UUID | None,
    states: Sequence[str],
    turn: str | None,
    client: str | None,
    cpli_id: int | None,
    first_on: dt.date | None,
    last_on: dt.date | None,
    order: str,
    after: Place | None,
    limit: int,
    clients: Sequence[str] | None = None,
    overdue_at: dt.datetime | None = None,
    case_ids: Sequence[uuid.UUID] | None = None,
) -> list[Row]:
    """A page of cases of a kind, with the last words of each side. What is None limits nothing.

    clients: identifiers of one client, any of which a case may name. overdue_at: those whose deadline has passed then.
    """
    comparison = ">" if order == "oldest" else "<"
    wanted = ["kind = :kind", "state = ANY(:states)"]
    values: Row = {"kind": kind, "states": list(states), "limit": limit}
    for name, condition, value in (
        ("organisation", "organisation_id = :organisation", organisation_id),
        ("turn", "turn = :turn", turn),
        ("client", "client_reference = :client", client),
        ("clients", "client_reference = ANY(:clients)", clients),
        ("overdue", "due_at <= :overdue", overdue_at),
        ("ids", "case_id = ANY(:ids)", None if case_ids is None else [*case_ids]),
        ("cpli", "cpli_id = :cpli", cpli_id),
        ("first", "coalesce(last_on, CAST(opened_at AS date)) >= :first", first_on),
        ("last", "coalesce(first_on, CAST(opened_at AS date)) <= :last", last_on),
    ):
        if value is not None:
            wanted.append(condition)
            values[name] = value
    if after is not None:
        wanted.append(f"(opened_at, case_id) {comparison} (:after_at, :after_id)")
        values |= {"after_at": after[0], "after_id": after[1]}
    direction = _LIMIT[order]
    rows = session.execute(
        text(
            f"SELECT {_CASE}, (SELECT words FROM messages m WHERE m.case_id = c.case_id AND m.side = 'council'"
            " AND words <> '' ORDER BY ordinal DESC LIMIT 1) AS council_words, (SELECT words FROM messages m WHERE"
            " m.case_id = c.case_id AND m.side = 'provider' AND words <> '' ORDER BY ordinal DESC LIMIT 1)"
            f" AS provider_words FROM cases c WHERE {' AND '.join(wanted)}"
            f" ORDER BY opened_at {direction}, case_id {direction} LIMIT :limit"
        ),
        values,
    )
    return [dict(row) for row in rows.mappings()]


def find_known(
    session: Session, kind: str, case_ids: Sequence[uuid.UUID], states: Sequence[str]
) -> list[uuid.UUID]:
    """Which of these are cases of this kind, in one of these states."""
    found = session.scalars(
        text("SELECT case_id FROM cases WHERE kind = :kind AND case_id = ANY(:ids) AND state = ANY(:states)"),
        {"kind": kind, "ids": list(case_ids), "states": list(states)},
    )
    return list(found)


def save_move(
    session: Session,
    case_id: uuid.UUID,
    *,
    state: str,
    turn: str,
    due_at: dt.datetime | None,
    now: dt.datetime,
) -> None:
    """The state after a move. The case is locked."""
    session.execute(
        text(
            "UPDATE cases SET state = :state, turn = :turn, due_at = :due_at, changed_at = :now WHERE case_id = :case_id"
        ),
        {"case_id": case_id, "state": state, "turn": turn, "due_at": due_at, "now": now},
    )


def has_message(session: Session, message_id: uuid.UUID) -> bool:
    """Whether this was said already."""
    return find_move(session, message_id) is not None


def find_move(session: Session, message_id: uuid.UUID) -> str | None:
    """The move that a message made, empty where it made none; None when it was never said."""
    query = text("SELECT move FROM messages WHERE message_id = :id")
    move: str | None = session.scalar(query, {"id": message_id})
    return move


def insert_message(session: Session, row: Mapping[str, Any]) -> None:
    """Add the next message of a case, which is locked."""
    session.execute(
        text(
            "INSERT INTO messages (message_id, case_id, organisation_id, ordinal, side, said_by, said_at, move, state,"
            " words) SELECT :message_id, :case_id, :organisation_id, coalesce(max(ordinal), 0) + 1, :side, :said_by,"
            " :said_at, :move, :state, :words FROM messages WHERE case_id = :case_id"
        ),
        dict(row),
    )


def list_messages(session: Session, case_id: uuid.UUID) -> list[Row]:
    """The whole conversation, in the order in which it was said."""
    rows = session.execute(
        text(
            "SELECT message_id, side, said_by, said_at, move, state, words FROM messages WHERE case_id = :case_id"
            " ORDER BY ordinal"
        ),
        {"case_id": case_id},
    )
    return [dict(row) for row in rows.mappings()]


def insert_attachments(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the attachments of a message."""
    if not rows:
        return
    session.execute(
        text(
            "INSERT INTO attachments (attachment_id, case_id, organisation_id, message_id, name, content_type,"
            " size_bytes, sha256, object_key, side, added_by, added_at) VALUES (:attachment_id, :case_id,"
            " :organisation_id, :message_id, :name, :content_type, :size_bytes, :sha256, :object_key, :side,"
            " :added_by, :added_at)"
        ),
        [dict(row) for row in rows],
    )


def list_attachments(session: Session, case_id: uuid.UUID) -> list[Row]:
    """The attachments of a case, the first added first."""
    rows = session.execute(
        text(
            "SELECT attachment_id, message_id, name, content_type, size_bytes, side, added_by, added_at"
            " FROM attachments WHERE case_id = :case_id ORDER BY added_at, attachment_id"
        ),
        {"case_id": case_id},
    )
    return [dict(row) for row in rows.mappings()]


def find_attachment(session: Session, attachment_id: uuid.UUID) -> Row | None:
    """Where an attachment lies, what it is, and how its case stands."""
    found = session.execute(
        text(
            "SELECT attachment_id, case_id, name, content_type, size_bytes, sha256, object_key, kind, state"
            " FROM attachments JOIN cases USING (case_id) WHERE attachment_id = :id"
        ),
        {"id": attachment_id},
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def count_cases(
    session: Session, side: str, open_states: Mapping[str, Sequence[str]], limit: int
) -> dict[str, Row]:
    """For each kind how many cases are open, and how many of them await this side; counted to a limit."""
    counted = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, count(*) AS open, count(*) FILTER (WHERE turn = :side) AS awaiting FROM"
        f" (SELECT turn FROM cases WHERE kind = '{kind}' AND state = ANY(:{kind}) LIMIT :limit) {kind}"
        for kind in open_states
    )
    states = {kind: list(states) for kind, states in open_states.items()}
    rows = session.execute(text(counted), {"side": side, "limit": limit, **states}).mappings()
    return {row["kind"]: {"open": row["open"], "awaiting": row["awaiting"]} for row in rows}
