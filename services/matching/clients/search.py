"""One box that finds clients and care package line items, and who is meant where a list is limited to one client."""

from sqlalchemy.orm import Session

from libs.common.seams.matching.clients import CareFound, ClientFound, ClientsPicked
from services.matching.book.words import name_of
from services.matching.clients import store as clients_store
from services.matching.clients import store_search
from services.matching.identifiers.rules import reference_of

MOST_FOUND = 20
MOST_PICKED = 21
"""More than a page offers, so that it knows that there are more."""


def search(session: Session, written: str) -> CareFound:
    """The first clients by a reference or the name, or a part of either, and the first CPLIs by how CpliId begins, that
    the caller may see."""
    items = store_search.line_items(session, written, MOST_FOUND) if written.isdigit() else []
    return {
        "clients": [_document(row) for row in _clients(session, written)],
        "line_items": [
            {
                "cpli_id": row["cpli_id"],
                "name": name_of(row),
                "reference": reference_of(row),
                "service": row["service"],
            }
            for row in items
        ],
    }


def _clients(session: Session, written: str) -> list[store_search.Row]:
    """Those whose reference or surname begins so first, then those who have it anywhere in a reference or the name."""
    first = store_search.clients(session, written, MOST_FOUND)
    if len(first) >= MOST_FOUND:
        return first
    known = {row["client_id"] for row in first}
    others = store_search.clients_of_part(session, written, MOST_FOUND + len(first))
    return [*first, *(row for row in others if row["client_id"] not in known)][:MOST_FOUND]


def pick_clients(session: Session, written: str) -> ClientsPicked:
    """Whom somebody may mean by a name, an identifier or a part of either, of those that the caller may see."""
    if clients_store.by_identifiers(session, [written]):
        return {"is_known": True, "clients": []}
    found = store_search.clients_of_part(session, written, MOST_PICKED)
    return {"is_known": False, "clients": [_document(row) for row in found]}


def _document(row: store_search.Row) -> ClientFound:
    return {"client_id": row["client_id"], "name": name_of(row), "reference": reference_of(row)}
