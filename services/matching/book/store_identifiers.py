"""Queries of matching on the identifiers that clients have or had (RULES 2)."""

import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text, in_parts
from services.matching.book.book import CareBook
from services.matching.book.clients import Held, by_identifier
from services.matching.care import store as care_store


def holders_of(session: Session, identifiers: Collection[str]) -> dict[str, list[Held]]:
    """Whoever was given these identifiers (``S:A123456``), in that order, with all that the book of care needs."""
    rows = session.execute(
        text(
            "SELECT identifier, client_id::text, given, starts, is_merged FROM client_identifiers"
            " WHERE identifier = ANY(CAST(:identifiers AS text[]))"
        ),
        {"identifiers": array_text(identifiers)},
    )
    return by_identifier([tuple(row) for row in rows])


def save_held(session: Session, book: CareBook) -> None:
    """Write the holders of identifiers that a book's rows have changed. The care lock is held exclusively."""
    new = sum(held.given is None for name in book.changed_held for held in book.held[name])
    versions = iter(care_store.draw_versions(session, new))
    for names in in_parts(sorted(book.changed_held)):
        changed = [(name, held) for name in names for held in book.held[name]]
        for _, held in changed:
            held.given = next(versions) if held.given is None else held.given
        save(session, changed)


def save(session: Session, holders: Collection[tuple[str, Held]]) -> None:
    """Write holders of identifiers, in the place of what was known of them."""
    columns: dict[str, list[Any]] = defaultdict(list)
    for identifier, held in holders:
        columns["identifiers"].append(identifier)
        columns["given"].append(held.given)
        columns["clients"].append(held.client_id)
        columns["days"].append(held.from_on.isoformat())
        columns["starts"].append(json.dumps(dict(held.starts), default=str))
    if columns:
        session.execute(_SAVE, {name: array_text(column) for name, column in columns.items()})


_SAVE = text(
    "INSERT INTO client_identifiers (identifier, given, client_id, from_on, starts) SELECT * FROM unnest("
    "CAST(:identifiers AS text[]), CAST(:given AS bigint[]), CAST(:clients AS uuid[]), CAST(:days AS date[]),"
    " CAST(:starts AS jsonb[])) ON CONFLICT (identifier, given) DO UPDATE SET client_id = excluded.client_id,"
    " from_on = excluded.from_on, starts = excluded.starts"
)
