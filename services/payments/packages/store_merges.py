"""Queries of payments on clients that were merged into another (RULES 2)."""

from collections.abc import Collection, Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text


def who_stays(session: Session, client_ids: Collection[str]) -> dict[str, str]:
    """Those of these clients who were merged, with the client who stays of each."""
    rows = session.execute(
        text(
            "SELECT client_id::text, into_client_id::text FROM merged_clients"
            " WHERE client_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": array_text(client_ids)},
    )
    return {row[0]: row[1] for row in rows}


def merged_into(session: Session, client_ids: Collection[str]) -> dict[str, str]:
    """The clients who were merged into one of these, with that one of each."""
    rows = session.execute(
        text(
            "SELECT client_id::text, into_client_id::text FROM merged_clients"
            " WHERE into_client_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": array_text(client_ids)},
    )
    return {row[0]: row[1] for row in rows}


def as_one(session: Session, client_id: str) -> list[str]:
    """The client who stays of this one (itself when it was not merged), then all who were merged into it."""
    stays = who_stays(session, [client_id]).get(client_id, client_id)
    return [stays, *sorted(merged_into(session, [stays]))]


def save(session: Session, merges: Mapping[str, str]) -> None:
    """Keep who stays of whom, by who was merged; who was merged into one of these before stays as that one does."""
    values = {"clients": array_text(merges), "into": array_text(merges.values())}
    pairs = "unnest(CAST(:clients AS uuid[]), CAST(:into AS uuid[])) AS said (client_id, into_client_id)"
    session.execute(
        text(
            f"INSERT INTO merged_clients SELECT * FROM {pairs} ON CONFLICT (client_id)"
            " DO UPDATE SET into_client_id = excluded.into_client_id"
        ),
        values,
    )
    session.execute(
        text(
            f"UPDATE merged_clients m SET into_client_id = said.into_client_id FROM {pairs}"
            " WHERE m.into_client_id = said.client_id"
        ),
        values,
    )
    session.execute(
        text(
            f"UPDATE packages p SET client_id = said.into_client_id FROM {pairs} WHERE p.client_id = said.client_id"
        ),
        values,
    )
