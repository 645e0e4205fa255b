"""Persons whose data is held (RULES 20): by which ids and identifiers services and evidence know them."""

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.matching.clients import DataSubject
from services.matching.book import store as book_store
from services.matching.book.words import name_of
from services.matching.clients import store as clients_store
from services.matching.clients import store_merges
from services.matching.clients.views import as_uuid
from services.matching.identifiers import store as identifiers_store
from services.matching.identifiers.rules import days_meant, reference_of

NOBODY = "There is no client with this id or reference."


def show_subject(session: Session, caller: Caller, identifier: str) -> DataSubject:
    """A person by an id, also that of one who was merged into them, or any identifier. Council only.

    Raises Refused ``not_found``.
    """
    require_council(caller, NOBODY)
    found = clients_store.find_client(session, as_uuid(identifier), identifier)
    if found is None:
        raise Refused("not_found", NOBODY)
    marked = identifiers_store.identifiers_of(session, [found["client_id"]])
    holdings = identifiers_store.holdings_of(session, marked)
    shared = {
        each[2:]
        for each, held in holdings.items()
        if any(one.client_id != found["client_id"] for one in held)
    }
    meant = {
        (each[2:], first.isoformat(), last.isoformat())
        for each, held in holdings.items()
        for first, last in days_meant(held, found["client_id"])
    }
    return {
        "client_id": found["client_id"],
        "name": name_of(found),
        "reference": reference_of(found),
        "client_ids": [found["client_id"], *store_merges.merged_ids(session, found["client_id"])],
        "identifiers": sorted({each[2:] for each in marked}),
        "shared": sorted(shared),
        "meant": sorted(meant),
        "cpli_ids": sorted(book_store.cplis_of_clients(session, [found["client_id"]])),
    }
