"""Queries of payments on what clients are charged, and on what was asked about it."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.payments.packages import store_merges

Row = dict[str, Any]


def charged_clients(
    session: Session, start: dt.date, *, client: str | None, after: tuple[str, uuid.UUID] | None, limit: int
) -> list[Row]:
    """A page of the clients with charges in a period, in the order of their references: weeks and pounds.

    A merged client's charges are those of the client who stays; ``client`` is any reference charges were posted under.
    """
    rows = session.execute(
        text(
            "WITH posted AS (SELECT coalesce(m.into_client_id, c.client_id) AS id, c.* FROM charges c"
            " LEFT JOIN merged_clients m USING (client_id) WHERE period_start = :start)"
            " SELECT * FROM (SELECT id::text AS client_id, (array_agg(client_reference ORDER BY client_id = id DESC,"
            " posted_at DESC))[1] AS client, count(DISTINCT monday) AS weeks,"
            " coalesce(sum(amount) FILTER (WHERE ordinal = 0), 0) AS charge,"
            " coalesce(sum(amount) FILTER (WHERE ordinal > 0), 0) AS corrections, sum(amount) AS total FROM posted"
            " WHERE CAST(:client AS text) IS NULL OR id IN (SELECT id FROM posted WHERE client_reference = :client)"
            " GROUP BY id) charged"
            " WHERE :is_first OR (client, client_id) > (CAST(:after_client AS text), CAST(:after_id AS text))"
            " ORDER BY client, client_id LIMIT :limit"
        ),
        {
            "start": start,
            "client": client,
            "is_first": after is None,
            "after_client": after[0] if after else None,
            "after_id": str(after[1]) if after else None,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def charges_of(session: Session, client_id: uuid.UUID, first: dt.date, last: dt.date) -> list[Row]:
    """A client's charges for the weeks between two Mondays, week by week in the order in which they were posted."""
    rows = session.execute(
        text(
            "SELECT monday, ordinal, period_start, amount, reason, explanation, posted_at FROM charges"
            " WHERE client_id = ANY(CAST(:clients AS uuid[])) AND monday BETWEEN :first AND :last"
            " ORDER BY monday, posted_at, ordinal"
        ),
        {"clients": array_text(store_merges.as_one(session, str(client_id))), "first": first, "last": last},
    )
    return [dict(row) for row in rows.mappings()]


def charged_client(session: Session, client_id: uuid.UUID) -> Row | None:
    """The reference by which a client is known, and the newest week with a charge; None who was never charged.

    Of a merged client it is the client who stays.
    """
    clients = store_merges.as_one(session, str(client_id))
    rows = session.execute(
        text(
            "SELECT CAST(:stays AS text) AS client_id, client_reference AS client, max(monday) OVER () AS newest_week FROM charges"
            " WHERE client_id = ANY(CAST(:clients AS uuid[]))"
            " ORDER BY client_id = CAST(CAST(:stays AS text) AS uuid) DESC, monday DESC, ordinal DESC LIMIT 1"
        ),
        {"stays": clients[0], "clients": array_text(clients)},
    )
    found = rows.mappings().first()
    return None if found is None else dict(found)


def save_message(session: Session, message: Mapping[str, Any]) -> None:
    """Keep a query, or an answer to one."""
    session.execute(
        text(
            "INSERT INTO charge_queries (message_id, query_id, client_id, kind, monday, asked_by, words, said_by)"
            " VALUES (:message_id, :query_id, :client_id, :kind, :monday, :asked_by, :words, :said_by)"
        ),
        message,
    )


def messages_of(session: Session, client_id: uuid.UUID, limit: int) -> list[Row]:
    """The newest queries of a client's charges with their answers, as they were said."""
    rows = session.execute(
        text(
            "SELECT * FROM (SELECT message_id::text, query_id::text, kind, monday, asked_by, words, said_by, said_at"
            " FROM charge_queries WHERE client_id = ANY(CAST(:clients AS uuid[])) ORDER BY said_at DESC, message_id"
            " LIMIT :limit) newest ORDER BY said_at, message_id"
        ),
        {"clients": array_text(store_merges.as_one(session, str(client_id))), "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def is_query_of(session: Session, query_id: uuid.UUID, client_id: uuid.UUID) -> bool:
    """Whether this client's charges were queried so."""
    found = session.scalar(
        text(
            "SELECT 1 FROM charge_queries WHERE query_id = :query AND client_id = ANY(CAST(:clients AS uuid[])) LIMIT 1"
        ),
        {"query": query_id, "clients": array_text(store_merges.as_one(session, str(client_id)))},
    )
    return found is not None


def unanswered(session: Session, limit: int) -> list[Row]:
    """Queries that nobody has answered yet, the longest waiting first."""
    rows = session.execute(
        text(
            "SELECT q.query_id::text, coalesce(m.into_client_id, q.client_id)::text AS client_id, q.monday, q.asked_by, q.words, q.said_by, q.said_at,"
            " (SELECT client_reference FROM charges c WHERE c.client_id = q.client_id LIMIT 1) AS client"
            " FROM charge_queries q LEFT JOIN merged_clients m USING (client_id) WHERE q.kind = 'query' AND NOT EXISTS"
            " (SELECT 1 FROM charge_queries a WHERE a.query_id = q.query_id AND a.kind = 'answer') ORDER BY q.said_at, q.query_id LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def count_unanswered(session: Session, limit: int) -> int:
    """How many queries nobody has answered yet; counted no further than `limit`."""
    found = session.scalar(
        text(
            "SELECT count(*) FROM (SELECT 1 FROM charge_queries q WHERE q.kind = 'query' AND NOT EXISTS (SELECT 1"
            " FROM charge_queries a WHERE a.query_id = q.query_id AND a.kind = 'answer') LIMIT :limit) waiting"
        ),
        {"limit": limit},
    )
    return int(found or 0)
