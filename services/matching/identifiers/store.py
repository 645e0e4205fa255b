"""Queries of matching on the identifiers that clients have or had (RULES 2)."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.matching.identifiers.rules import Holding, of_any_kind


def holdings_of(session: Session, identifiers: Collection[str]) -> dict[str, list[Holding]]:
    """Whom each of these identifiers (``S:…``, ``C:…``, ``N:…``) names from which day on, in the order it was given."""
    rows = session.execute(
        text(
            "SELECT identifier, client_id::text, from_on FROM client_identifiers"
            " WHERE identifier = ANY(CAST(:identifiers AS text[])) ORDER BY given"
        ),
        {"identifiers": array_text(identifiers)},
    )
    found: dict[str, list[Holding]] = defaultdict(list)
    for identifier, client_id, from_on in rows:
        found[identifier].append(Holding(client_id, from_on))
    return found


def identifiers_of(session: Session, client_ids: Collection[str]) -> list[str]:
    """All identifiers by which these clients are or were known."""
    rows = session.scalars(
        text(
            "SELECT DISTINCT identifier FROM client_identifiers WHERE client_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": array_text(client_ids)},
    )
    return list(rows)


def identifiers_of_client(session: Session, identifier: str) -> list[str]:
    """All identifiers, former ones too, of the client that is known by this one; if the caller has care of the client.

    What was several clients' is that of the one who was given it last.
    """
    rows = session.scalars(
        text(
            "SELECT DISTINCT substr(identifier, 3) FROM client_identifiers JOIN ("
            "SELECT DISTINCT ON (i.identifier) i.client_id FROM client_identifiers i WHERE i.identifier = ANY(:any)"
            " AND EXISTS (SELECT 1 FROM cplis c WHERE c.client_id = i.client_id) ORDER BY i.identifier, i.given DESC"
            ") known USING (client_id) ORDER BY 1"
        ),
        {"any": of_any_kind([identifier])},
    )
    return list(rows)
