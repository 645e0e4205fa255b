"""A list of clients checked against the care package line items; nothing is stored (RULES 4)."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.terms import term_on
from libs.common.rpc import Caller
from services.matching.book.words import number
from services.matching.clients.rules import of_any_kind
from services.matching.line_items.views import organisation_asked, today
from services.matching.matches import store as matches_store

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


def client_list(
    session: Session, caller: Caller, *, organisation: str | None, identifiers: list[str]
) -> list[list[dict[str, Any]]]:
    """For each identifier the client's line items with the organisation: CpliId, service, service level, the
    quantity and unit now, and from when to when. Raises Refused ``not_found`` for an unknown organisation.
    """
    organisation_id = organisation_asked(session, caller, organisation)
    values = {"organisation": organisation_id, "identifiers": of_any_kind(identifiers)}
    rows = [dict(row) for row in session.execute(_OF_CLIENTS, values).mappings()]
    terms = matches_store.terms_of(session, [row["cpli_id"] for row in rows])
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        quantity = number(term_on(terms[row["cpli_id"]], today()).quantity)
        found.setdefault(row.pop("identifier"), []).append(row | {"quantity": quantity})
    return [found.get(identifier, []) for identifier in identifiers]
