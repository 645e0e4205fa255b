"""Queries of matching on the lists that the council changes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.matching.book.store_messages import VISIT_TYPE_CHANGES

Row = dict[str, Any]


def levels(session: Session) -> dict[str, Row]:
    """All service levels by folded name."""
    rows = session.execute(
        text(
            "SELECT folded_name, service_level_ref, name, requires_visits, aliases FROM service_levels ORDER BY folded_name"
        )
    )
    return {
        row["folded_name"]: {k: v for k, v in row.items() if k != "folded_name"} for row in rows.mappings()
    }


def levels_with_use(session: Session) -> list[Row]:
    """All service levels, each with its key and how many CPLIs have it."""
    rows = session.execute(
        text(
            "SELECT l.folded_name AS key, l.service_level_ref AS ref, l.name, l.requires_visits, l.aliases,"
            " (SELECT count(*) FROM cplis c WHERE c.service_level = l.folded_name) AS cplis"
            " FROM service_levels l ORDER BY l.name"
        )
    )
    return [dict(row) for row in rows.mappings()]


def cplis_of_level(session: Session, key: str) -> Sequence[tuple[int, str, str]]:
    """(CpliId, organisation id, client id) of the CPLIs of a service level."""
    rows = session.execute(
        text("SELECT cpli_id, organisation_id::text, client_id::text FROM cplis WHERE service_level = :key"),
        {"key": key},
    )
    return [(cpli_id, organisation_id, client_id) for cpli_id, organisation_id, client_id in rows]


def visit_types(session: Session, today: dt.date) -> list[Row]:
    """The table of RULES 6 as it is on a day, delivered types first, then paid ones; each with its ``changes``."""
    rows = session.execute(
        text(
            f"WITH changes AS ({VISIT_TYPE_CHANGES})"
            " SELECT ref, name, delivered, coalesce(c.paid, t.paid) AS paid, coalesce(c.charged, t.charged) AS charged,"
            " coalesce(c.basis, t.basis) AS basis, coalesce((SELECT jsonb_agg(jsonb_build_object("
            "  'effective_from', e.effective_from, 'paid', e.paid, 'charged', e.charged, 'basis', e.basis)"
            "  ORDER BY e.effective_from) FROM changes e WHERE e.ref = t.ref), '[]') AS changes"
            " FROM visit_types t LEFT JOIN LATERAL (SELECT e.paid, e.charged, e.basis FROM changes e"
            "  WHERE e.ref = t.ref AND e.effective_from <= :today ORDER BY e.effective_from DESC LIMIT 1) c ON true"
            " ORDER BY delivered DESC, 4 DESC, name"
        ),
        {"today": today},
    )
    return [dict(row) for row in rows.mappings()]


def add_visit_type_change(session: Session, ref: str, facts: Mapping[str, Any], who: str) -> None:
    """Note what is paid and charged of a visit type from a planned date on, and give the type a new version."""
    session.execute(
        text(
            "INSERT INTO visit_type_changes (ref, effective_from, paid, charged, basis, set_by)"
            " VALUES (:ref, :effective_from, :paid, :charged, :basis, :who)"
        ),
        {"ref": ref, "who": who, **facts},
    )
    session.execute(
        text("UPDATE visit_types SET version = nextval('version') WHERE ref = :ref"), {"ref": ref}
    )
