"""What matching tells of clients: names live here alone (docs/decisions/0006)."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.days import iso_or_none
from libs.common.seams.matching.clients import Client, ClientMerged, ClientWeek
from services.matching.book.words import name_of
from services.matching.circumstances.views import circumstances_of
from services.matching.clients import store as clients_store
from services.matching.clients import store_merges
from services.matching.identifiers import store as identifiers_store
from services.matching.identifiers.rules import marked_identifiers, reference_of
from services.matching.line_items.views import list_line_items

LINE_ITEMS_SHOWN = 100

IDENTIFIERS_LAST_FIRST = ("nhs_number", "client_ref", "ssref")


def names_of(session: Session, identifiers: list[str]) -> dict[str, str]:
    """Names by the identifiers that were asked; without those that nobody the caller has care of is known by."""
    found = clients_store.by_identifiers(session, sorted(set(identifiers)))
    return {row["value"]: name for row in found if (name := name_of(row))}


def show_client(session: Session, caller: Caller, identifier: str) -> Client:
    """A client by its id or any identifier, with its care and circumstances. Raises Refused ``not_found``.

    This is the council's page: a provider finds its clients by their care package line items.
    """
    found = clients_store.find_client(session, as_uuid(identifier), identifier)
    if found is None or caller["organisation"] is not None:
        raise Refused("not_found", "There is no client with this id or reference.")
    known = [found[kind] for kind in IDENTIFIERS_LAST_FIRST if found[kind]]
    items = list_line_items(session, caller, clients=known, limit=LINE_ITEMS_SHOWN)
    return {
        "client_id": found["client_id"],
        "ssref": found["ssref"],
        "client_ref": found["client_ref"],
        "nhs_number": found["nhs_number"],
        "date_of_birth": iso_or_none(found["date_of_birth"]),
        "name": name_of(found),
        "former": former_identifiers(session, found),
        "merges": merges_of(session, found["client_id"]),
        "line_items": [item for item in items if item["client_id"] == found["client_id"]],
        "circumstances": circumstances_of(session, found["client_id"]),
    }


def former_identifiers(session: Session, client: Mapping[str, Any]) -> list[str]:
    """What a client was known by and is no more, without its kind."""
    ever = identifiers_store.identifiers_of(session, [client["client_id"]])
    return sorted({identifier[2:] for identifier in set(ever) - set(marked_identifiers(client))})


def merges_of(session: Session, client_id: str) -> list[ClientMerged]:
    """Whoever was merged into a client, the newest first, with who merged them, when and why."""
    return [
        {
            "reason": row["reason"],
            "merged_by": row["merged_by"],
            "merged_at": row["merged_at"].isoformat(),
            "name": name_of(row["client"]),
            "reference": reference_of(row["client"]),
        }
        for row in store_merges.merges_into(session, client_id)
    ]


def as_uuid(text: str) -> uuid.UUID | None:
    """The id that this text is, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def list_weeks(session: Session, *, client_id: uuid.UUID, limit: int) -> list[ClientWeek]:
    """The newest weeks with visits of a client, and how many of them have no match."""
    return [
        {"monday": row["monday"].isoformat(), "visits": row["visits"], "unmatched": row["unmatched"]}
        for row in clients_store.weeks_of_client(session, client_id, limit)
    ]
