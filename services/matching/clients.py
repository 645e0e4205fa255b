"""What matching tells of clients: names live here alone (docs/decisions/0006)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.matching import store_clients

# An identifier that two clients share in different columns means the client whose SSRef it is, else ClientRef.
IDENTIFIERS_LAST_FIRST = ("nhs_number", "client_ref", "ssref")


def names(session: Session, identifiers: list[str]) -> dict[str, str]:
    """Names by the identifiers that were asked; without those that nobody the caller has care of is known by."""
    asked = set(identifiers)
    found = store_clients.by_identifiers(session, sorted(asked))
    by_identifier = {row[kind]: name_of(row) for kind in IDENTIFIERS_LAST_FIRST for row in found if row[kind]}
    return {identifier: name for identifier, name in by_identifier.items() if name and identifier in asked}


def name_of(client: Mapping[str, Any]) -> str:
    """``Mr Kent Brockman``; without the parts that care leaves empty."""
    return " ".join(filter(None, (client[part] for part in ("title", "forename", "surname"))))
