"""Queries of matching on organisations."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def organisations(session: Session) -> list[tuple[str, str, list[str]]]:
    """Id, name and former names (folded) of all organisations, in the order of their folded names."""
    rows = session.execute(
        text("SELECT organisation_id::text, name, former_names FROM organisations ORDER BY folded_name")
    )
    return [(organisation_id, name, former) for organisation_id, name, former in rows]


def organisation_names(session: Session) -> list[str]:
    """The names of all organisations, in the order of their folded names."""
    return list(session.scalars(text("SELECT name FROM organisations ORDER BY folded_name")))
