"""A list of clients checked against the care package line items; nothing is stored (RULES 4)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.clock import london_today
from libs.common.care.terms import Term, term_on
from libs.common.rpc import Caller
from libs.common.seams.days import iso_or_none
from libs.common.seams.matching.clients import ListedLineItem
from services.matching.book.words import number
from services.matching.care import store as care_store
from services.matching.identifiers.rules import of_any_kind
from services.matching.organisations.views import limit_to_organisation

_OF_CLIENTS = text("""
WITH known AS (
    SELECT DISTINCT substr(identifier, 3) AS identifier, client_id FROM client_identifiers
    WHERE identifier = ANY(:identifiers)
)
SELECT k.identifier, c.cpli_id, s.name AS service, coalesce(l.name, c.service_level) AS service_level, c.unit,
       c.start_on, c.end_on
FROM known k JOIN cplis c USING (client_id) JOIN services s USING (service_id)
LEFT JOIN service_levels l ON l.folded_name = c.service_level
WHERE CAST(:organisation AS uuid) IS NULL OR c.organisation_id = CAST(:organisation AS uuid)
ORDER BY c.start_on, c.cpli_id
""")


def list_clients(
    session: Session, caller: Caller, *, organisation: str | None, identifiers: list[str]
) -> list[list[ListedLineItem]]:
    """For each identifier the client's line items with the organisation.

    Raises Refused ``not_found`` for an unknown organisation.
    """
    organisation_id = limit_to_organisation(session, caller, organisation)
    values = {"organisation": organisation_id, "identifiers": of_any_kind(identifiers)}
    rows = session.execute(_OF_CLIENTS, values).mappings().all()
    terms = care_store.terms_of(session, [row["cpli_id"] for row in rows])
    found: dict[str, list[ListedLineItem]] = defaultdict(list)
    for row in rows:
        found[row["identifier"]].append(_listed_document(row, term_on(terms[row["cpli_id"]], london_today())))
    return [found.get(identifier, []) for identifier in identifiers]


def _listed_document(row: Mapping[Any, Any], term: Term) -> ListedLineItem:
    return {
        "cpli_id": row["cpli_id"],
        "service": row["service"],
        "service_level": row["service_level"],
        "unit": row["unit"],
        "start_on": row["start_on"].isoformat(),
        "end_on": iso_or_none(row["end_on"]),
        "quantity": number(term.quantity),
    }
