"""What matching tells of clients: names live here alone (docs/decisions/0006)."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.matching.book.words import name_of
from services.matching.circumstances import store as circumstances_store
from services.matching.circumstances.rules import SUSPENDING_KINDS
from services.matching.clients import store as clients_store
from services.matching.clients import store_merging
from services.matching.clients.rules import marked_identifiers
from services.matching.clients.search import reference_of
from services.matching.line_items.views import line_items, today
from services.matching.matches import store as matches_store

LINE_ITEMS_SHOWN = 100
VERSIONS_SHOWN = 200
CIRCUMSTANCES_SHOWN = 100

IDENTIFIERS_LAST_FIRST = ("nhs_number", "client_ref", "ssref")


def names(session: Session, identifiers: list[str]) -> dict[str, str]:
    """Names by the identifiers that were asked; without those that nobody the caller has care of is known by."""
    found = clients_store.by_identifiers(session, sorted(set(identifiers)))
    return {row["value"]: name for row in found if (name := name_of(row))}


def one(session: Session, caller: Caller, identifier: str) -> dict[str, Any]:
    """A client by its id or any identifier, with its care and circumstances. Raises Refused ``not_found``.

    This is the council's page: a provider finds its clients by their care package line items.
    """
    found = clients_store.one(session, as_uuid(identifier), identifier)
    if found is None or caller["organisation"] is not None:
        raise Refused("not_found", "There is no client with this id or reference.")
    known = [found[kind] for kind in IDENTIFIERS_LAST_FIRST if found[kind]]
    items = line_items(session, caller, clients=known, limit=LINE_ITEMS_SHOWN)
    names = ("client_id", "ssref", "client_ref", "nhs_number", "date_of_birth")
    return {
        **{name: found[name] for name in names},
        "name": name_of(found),
        "former": former_identifiers(session, found),
        "merges": merges_of(session, found["client_id"]),
        "line_items": [item for item in items if item["client_id"] == found["client_id"]],
        "circumstances": circumstances_of(session, found["client_id"]),
    }


def former_identifiers(session: Session, client: Mapping[str, Any]) -> list[str]:
    """What a client was known by and is no more, without its kind."""
    ever = matches_store.identifiers_of(session, [client["client_id"]])
    return sorted({identifier[2:] for identifier in set(ever) - set(marked_identifiers(client))})


def merges_of(session: Session, client_id: str) -> list[dict[str, Any]]:
    """Whoever was merged into a client, the newest first, with who merged them, when and why."""
    return [
        {name: row[name] for name in ("reason", "merged_by", "merged_at")}
        | {"name": name_of(row["client"]), "reference": reference_of(row["client"])}
        for row in store_merging.merges_into(session, client_id)
    ]


def circumstances_of(session: Session, client_id: str) -> list[dict[str, Any]]:
    """A client's circumstances as they stand, the latest first, each with what it said before."""
    rows = circumstances_store.versions_of_client(session, client_id, VERSIONS_SHOWN)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["circumstance_id"]].append(row)
    newest = [versions[0] | {"versions": versions[1:]} for versions in found.values()]
    shown = [row | {"suspends": row["kind"] in SUSPENDING_KINDS} for row in newest]
    return sorted(shown, key=lambda row: (row["from_on"], row["circumstance_id"]), reverse=True)


def circumstances_today(session: Session, caller: Caller) -> list[dict[str, Any]]:
    """What holds for clients today, what began last first; nothing for a provider."""
    if caller["organisation"] is not None:
        return []
    rows = circumstances_store.running_on(session, today(), CIRCUMSTANCES_SHOWN)
    return [
        {name: row[name] for name in ("client_id", "kind", "from_on", "to_on")}
        | {"name": name_of(row), "reference": row["ssref"] or row["client_ref"] or row["nhs_number"]}
        for row in rows
    ]


def as_uuid(text: str) -> uuid.UUID | None:
    """The id that this text is, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
