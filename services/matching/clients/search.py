"""One box that finds clients and care package line items, exactly or by how they begin."""

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
    """The first clients by SSRef, NHSNumber or surname, and the first CPLIs by CpliId, that the caller may see."""
    items = store_search.line_items(session, written, MOST_FOUND) if written.isdigit() else []
    return {
        "clients": [_document(row) for row in store_search.clients(session, written, MOST_FOUND)],
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


def pick_clients(session: Session, written: str) -> ClientsPicked:
    """Whom somebody may mean by a name, an identifier or a part of either, of those that the caller may see."""
    if clients_store.by_identifiers(session, [written]):
        return {"is_known": True, "clients": []}
    found = store_search.clients_of_part(session, written, MOST_PICKED)
    return {"is_known": False, "clients": [_document(row) for row in found]}


def _document(row: store_search.Row) -> ClientFound:
    return {"client_id": row["client_id"], "name": name_of(row), "reference": reference_of(row)}
