"""Queries of the lists of concerns: their kinds, and groups of providers."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.names import fold

Row = dict[str, Any]

_KIND = "name, added_by, added_at, retired_by, retired_at"
_GROUP = "group_id, name, organisation_ids, changed_by, changed_at"


def list_kinds(session: Session) -> list[Row]:
    """All kinds, those in use first, each in the order in which they were added."""
    rows = session.execute(
        text(
            f"SELECT {_KIND} FROM concern_kinds ORDER BY retired_at IS NOT NULL, lower(name) = 'other', added_at, name"
        )
    )
    return [dict(row) for row in rows.mappings()]


def find_kind(session: Session, name: str) -> Row | None:
    """The kind of a name, however its letters are written."""
    found = session.execute(
        text(f"SELECT {_KIND} FROM concern_kinds WHERE folded_name = :folded"), {"folded": fold(name)}
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def add_kind(session: Session, name: str, who: str, now: dt.datetime) -> None:
    """Add a kind, or have one of that name offered again."""
    session.execute(
        text(
            "INSERT INTO concern_kinds (name, folded_name, added_by, added_at) VALUES (:name, :folded, :who, :now)"
            " ON CONFLICT (folded_name) DO UPDATE SET retired_by = NULL, retired_at = NULL"
        ),
        {"name": name, "folded": fold(name), "who": who, "now": now},
    )


def retire_kind(session: Session, name: str, who: str, now: dt.datetime) -> None:
    """Have a kind offered no more; one that is retired stays as it is."""
    session.execute(
        text(
            "UPDATE concern_kinds SET retired_by = :who, retired_at = :now"
            " WHERE folded_name = :folded AND retired_at IS NULL"
        ),
        {"folded": fold(name), "who": who, "now": now},
    )


def list_groups(session: Session) -> list[Row]:
    """All groups of providers by name."""
    rows = session.execute(text(f"SELECT {_GROUP} FROM concern_groups ORDER BY folded_name"))
    return [dict(row) for row in rows.mappings()]


def find_group(session: Session, group_id: uuid.UUID) -> Row | None:
    """A group of providers."""
    found = session.execute(
        text(f"SELECT {_GROUP} FROM concern_groups WHERE group_id = :group_id"), {"group_id": group_id}
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def has_other_group(session: Session, name: str, but: uuid.UUID) -> bool:
    """Whether another group has this name."""
    found = session.scalar(
        text("SELECT true FROM concern_groups WHERE folded_name = :folded AND group_id <> :but"),
        {"folded": fold(name), "but": but},
    )
    return found is not None


def save_group(
    session: Session,
    *,
    group_id: uuid.UUID,
    name: str,
    organisation_ids: list[uuid.UUID],
    who: str,
    now: dt.datetime,
) -> None:
    """Add a group, or change it."""
    session.execute(
        text(
            "INSERT INTO concern_groups (group_id, name, folded_name, organisation_ids, changed_by, changed_at)"
            " VALUES (:group_id, :name, :folded, :organisation_ids, :who, :now) ON CONFLICT (group_id) DO UPDATE"
            " SET name = excluded.name, folded_name = excluded.folded_name,"
            " organisation_ids = excluded.organisation_ids, changed_by = excluded.changed_by,"
            " changed_at = excluded.changed_at"
        ),
        {
            "group_id": group_id,
            "name": name,
            "folded": fold(name),
            "organisation_ids": organisation_ids,
            "who": who,
            "now": now,
        },
    )


def remove_group(session: Session, group_id: uuid.UUID) -> bool:
    """Take a group away; False where there is none."""
    found = session.execute(
        text("DELETE FROM concern_groups WHERE group_id = :group_id RETURNING true"), {"group_id": group_id}
    )
    return found.first() is not None
