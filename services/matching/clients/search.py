"""One box that finds clients and care package line items, exactly or by how they begin."""

from sqlalchemy.orm import Session

from libs.common.seams.matching.clients import CareFound
from services.matching.book.words import name_of
from services.matching.clients import store_search
from services.matching.identifiers.rules import reference_of

MOST_FOUND = 20


def search(session: Session, written: str) -> CareFound:
    """The first clients by SSRef, NHSNumber or surname, and the first CPLIs by CpliId, that the caller may see."""
    items = store_search.line_items(session, written, MOST_FOUND) if written.isdigit() else []
    return {
        "clients": [
            {"client_id": row["client_id"], "name": name_of(row), "reference": reference_of(row)}
            for row in store_search.clients(session, written, MOST_FOUND)
        ],
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
