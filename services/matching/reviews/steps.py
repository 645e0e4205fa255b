"""An approved review becomes a second CPLI, through the book of care as a row of a file would (RULES 12). Never commits."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.terms import Term
from libs.common.messaging.messages import Message
from services.matching.book import store as book_store
from services.matching.book.book import CareBook
from services.matching.book.rules import CareRow
from services.matching.care import store as care_store
from services.matching.identifiers.rules import IDENTIFIERS, marked_identifiers
from services.matching.imports.steps import write_and_say
from services.matching.line_items import store as line_items_store
from services.matching.reviews.rules import Package, terms_of_second

MOST_CPLIS_OF_A_CLIENT = 1_000
AS_EXTENDED = (
    "unit",
    "frequency",
    "pricing",
    "payment_method",
    "cost_centre",
    "subjective",
    "service_group_class",
)


def take_review(session: Session, message: Message) -> None:
    """``review_approved``: add the CPLI, authorised, with the service, level and price of the one that it extends.

    The council's own system is the source of CPLIs: one that it has sent under this id meanwhile stays as it is.
    Raises LookupError when the extended CPLI is unknown, which no review can name.
    """
    body = message.body
    care_store.lock_care(session, exclusive=True)
    client = client_of(session, body["extends_cpli_id"])
    cpli_ids = [body["extends_cpli_id"], body["cpli_id"]]
    book = book_store.book_of(session, cpli_ids, list(marked_identifiers(client)))
    if body["cpli_id"] in book.cplis:
        return
    book.take_file(rows_of(body, book, terms_of(session, body, client)))
    write_and_say(session, book, imported_by=body["approved_by"], cause_id=message.cause_id)


def client_of(session: Session, cpli_id: int) -> dict[str, Any]:
    """The identifiers of a CPLI's client."""
    found = line_items_store.cplis(session, None, after=cpli_id - 1, last=cpli_id, limit=1)
    if not found:
        raise LookupError(f"there is no CPLI {cpli_id} to extend")
    return found[0]


def terms_of(session: Session, body: dict[str, Any], client: dict[str, Any]) -> list[Term]:
    """What holds for the second CPLI from which day on."""
    known = [client[name] for name in IDENTIFIERS if client[name]]
    cplis = line_items_store.cplis(session, None, clients=known, limit=MOST_CPLIS_OF_A_CLIENT)
    terms = care_store.terms_of(session, [row["cpli_id"] for row in cplis])
    packages = [
        Package(row["cpli_id"], row["start_on"], row["end_on"], terms[row["cpli_id"]]) for row in cplis
    ]
    first_on, last_on = (dt.date.fromisoformat(body[name]) for name in ("first_on", "last_on"))
    extended = terms[body["extends_cpli_id"]]
    return terms_of_second(extended, packages, Decimal(body["quantity"]), first_on, last_on)


def rows_of(body: dict[str, Any], book: CareBook, terms: list[Term]) -> list[CareRow]:
    """One row for each term, as the council's file would have them; names and refs are as the book has them."""
    facts = book.cplis[body["extends_cpli_id"]]
    organisation = book.organisations[facts["organisation_id"]]
    service, level = book.services[facts["service_id"]], book.levels[facts["service_level"]]
    suspensions = tuple(
        (dt.date.fromisoformat(first), dt.date.fromisoformat(last), why)
        for first, last, why in facts["suspensions"]
    )
    shared: dict[str, Any] = {
        "client": book.clients[facts["client_id"]],
        "organisation_ref": organisation["organisation_ref"] or "",
        "organisation_name": organisation["name"],
        "organisation_address": organisation["address"],
        "service_ref": service["service_ref"] or "",
        "service_name": service["name"],
        "contract": service["contract"],
        "service_level_ref": level["service_level_ref"] or "",
        "service_level": level["name"],
        "start_on": dt.date.fromisoformat(body["first_on"]),
        "end_on": dt.date.fromisoformat(body["last_on"]),
        "authorised": True,
        "timetable": tuple(tuple(slot) for slot in body["timetable"]),
        "suspensions": suspensions,
        "council_ref": f"Review {body['number']}",
    }
    shared |= {name: facts[name] for name in AS_EXTENDED}
    return [CareRow(row=0, cpli_id=body["cpli_id"], term=term, **shared) for term in terms]
