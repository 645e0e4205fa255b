"""Queries of one-off claims: their items, version by version, and what was worked out beside them."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.casework.cases import PAYS_NOTHING, PROVIDER

Row = dict[str, Any]
Place = tuple[dt.datetime, uuid.UUID]
"""(opened_at, case_id) after which a page begins."""

CLIENT_LOCK_CLASS = 10
_COLUMNS = (
    "version_id", "item_id", "ordinal", "case_id", "organisation_id", "description", "service_level",
    "client_reference", "amount", "admitted_on", "resumed_on", "told_on", "is_planned_respite", "la_note",
    "is_included", "is_removed", "side", "changed_by", "changed_at",
)  # fmt: skip
_CLAIM = (
    "c.case_id, c.number, c.kind, c.organisation_id, c.state, c.turn, c.due_at, c.client_reference, c.facts,"
    " c.opened_by, c.opened_at, c.changed_at"
)
_NEWEST = "SELECT DISTINCT ON (item_id) * FROM claim_items i WHERE {of} ORDER BY item_id, ordinal DESC"

_STATED = f"i.case_id = c.case_id AND i.side = '{PROVIDER}'"


def insert_version(session: Session, row: Mapping[str, Any]) -> bool:
    """Add a version of an item, whose claim is locked; False when it is there already."""
    values = ", ".join(f":{name}" for name in _COLUMNS)
    statement = text(
        f"INSERT INTO claim_items ({', '.join(_COLUMNS)}) VALUES ({values})"
        " ON CONFLICT (version_id) DO NOTHING RETURNING true"
    )
    return session.execute(statement, {name: row[name] for name in _COLUMNS}).first() is not None


def list_versions(session: Session, case_id: uuid.UUID) -> dict[uuid.UUID, list[Row]]:
    """All that was said of a claim's items, oldest first; by item, in the order in which they were added."""
    rows = session.execute(
        text(
            f"SELECT {', '.join(_COLUMNS)} FROM claim_items i WHERE case_id = :case_id"
            " ORDER BY (SELECT min(changed_at) FROM claim_items f WHERE f.item_id = i.item_id), item_id, ordinal"
        ),
        {"case_id": case_id},
    )
    found: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows.mappings():
        found[row["item_id"]].append(dict(row))
    return found


def has_version(session: Session, version_id: uuid.UUID) -> bool:
    """Whether this version was saved already."""
    found = session.execute(text("SELECT 1 FROM claim_items WHERE version_id = :id"), {"id": version_id})
    return found.first() is not None


def find_workings(session: Session, case_id: uuid.UUID) -> dict[uuid.UUID, Row]:
    """The newest working of each item of a claim."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (item_id) item_id, ordinal, working, made_at FROM claim_workings"
            " WHERE case_id = :case_id ORDER BY item_id, ordinal DESC"
        ),
        {"case_id": case_id},
    )
    return {row["item_id"]: dict(row) for row in rows.mappings()}


def insert_workings(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add workings of a claim that is locked."""
    listed = [{**row, "working": json.dumps(row["working"])} for row in rows]
    if listed:
        session.execute(
            text(
                "INSERT INTO claim_workings (item_id, ordinal, case_id, organisation_id, message_id, working, made_by,"
                " made_at) VALUES (:item_id, :ordinal, :case_id, :organisation_id, :message_id,"
                " CAST(:working AS jsonb), :made_by, :made_at)"
            ),
            listed,
        )


def lock_clients(session: Session, clients: Iterable[str]) -> None:
    """Two claims for one client are decided one after the other. Sorted: no deadlock."""
    for client in sorted(set(clients)):
        session.execute(
            text("SELECT pg_advisory_xact_lock(:class, hashtext(:client))"),
            {"class": CLIENT_LOCK_CLASS, "client": client},
        )


def list_accepted_items(
    session: Session, organisation_id: uuid.UUID, clients: Sequence[str], but: uuid.UUID
) -> list[Row]:
    """The items of these clients that other accepted claims pay, each with its claim's number and its working."""
    of = "i.organisation_id = :organisation AND i.client_reference = ANY(:clients) AND i.case_id <> :but"
    rows = session.execute(
        text(
            f"SELECT n.item_id, n.client_reference, n.admitted_on, c.number, (SELECT w.working FROM claim_workings w"
            " WHERE w.item_id = n.item_id ORDER BY w.ordinal DESC LIMIT 1) AS working"
            f" FROM ({_NEWEST.format(of=of)}) n JOIN cases c USING (case_id)"
            " WHERE c.state = 'Accepted' AND n.is_included AND NOT n.is_removed ORDER BY c.number"
        ),
        {"organisation": organisation_id, "clients": list(clients), "but": but},
    )
    return [dict(row) for row in rows.mappings()]


def list_claims(
    session: Session,
    *,
    organisation_id: uuid.UUID | None,
    states: Sequence[str],
    financial_year: str | None,
    service_id: uuid.UUID | None,
    clients: Sequence[str] | None,
    after: Place | None,
    limit: int,
) -> list[Row]:
    """A page of claims, the newest first, each with its clients, what it pays and what was claimed.

    clients: identifiers of one, any of which an item may name.
    """
    wanted = ["c.kind = 'claim'", "c.state = ANY(:states)"]
    values: Row = {"states": list(states), "pays_nothing": list(PAYS_NOTHING), "limit": limit}
    for name, condition, value in (
        ("organisation", "c.organisation_id = :organisation", organisation_id),
        ("year", "c.facts ->> 'financial_year' = :year", financial_year),
        ("service", "c.facts ->> 'service_id' = :service", service_id and str(service_id)),
        ("of_clients", "items.clients && CAST(:of_clients AS text[])", clients and list(clients)),
    ):
        if value is not None:
            wanted.append(condition)
            values[name] = value
    if after is not None:
        wanted.append("(c.opened_at, c.case_id) < (:after_at, :after_id)")
        values |= {"after_at": after[0], "after_id": after[1]}
    rows = session.execute(
        text(
            f"SELECT {_CLAIM}, items.clients, items.total_payable, items.total_claimed"
            " FROM cases c CROSS JOIN LATERAL ("
            " SELECT coalesce(array_agg(DISTINCT n.client_reference), '{}') AS clients,"
            " coalesce(sum(n.amount) FILTER (WHERE n.is_included AND c.state <> ALL(:pays_nothing)), 0)::numeric(20, 2)"
            " AS total_payable, coalesce(sum(stated.amount), 0)::numeric(20, 2) AS total_claimed"
            f" FROM ({_NEWEST.format(of='i.case_id = c.case_id')}) n"
            f" JOIN ({_NEWEST.format(of=_STATED)}) stated USING (item_id) WHERE NOT n.is_removed) items"
            f" WHERE {' AND '.join(wanted)} ORDER BY c.opened_at DESC, c.case_id DESC LIMIT :limit"
        ),
        values,
    )
    return [dict(row) for row in rows.mappings()]
