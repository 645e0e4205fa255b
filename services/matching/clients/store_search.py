"""Finding clients and care package line items by how their references begin; row-level security limits a provider."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.prefixes import prefix_range
from services.matching.identifiers.rules import of_any_kind

Row = dict[str, Any]

_CLIENTS = text("""
SELECT k.client_id::text, k.ssref, k.client_ref, k.nhs_number, k.title, k.forename, k.surname FROM clients k
WHERE ((k.ssref COLLATE "C" >= :ref AND k.ssref COLLATE "C" < :ref_end)
    OR (k.nhs_number COLLATE "C" >= :number AND k.nhs_number COLLATE "C" < :number_end)
    OR (lower(k.surname) COLLATE "C" >= :name AND lower(k.surname) COLLATE "C" < :name_end)
    OR k.client_id IN (SELECT i.client_id FROM client_identifiers i WHERE i.identifier = ANY(:named)))
  AND EXISTS (SELECT 1 FROM cplis c WHERE c.client_id = k.client_id)
ORDER BY k.ssref = :ref DESC NULLS LAST, lower(k.surname), lower(k.forename), k.client_id LIMIT :limit
""")

_OF_PART = text("""
SELECT k.client_id::text, k.ssref, k.client_ref, k.nhs_number, k.title, k.forename, k.surname FROM clients k
WHERE (k.ssref ILIKE :part OR k.client_ref ILIKE :part OR k.nhs_number LIKE :number
    OR k.forename || ' ' || k.surname ILIKE :part OR k.surname || ' ' || k.forename ILIKE :part)
  AND EXISTS (SELECT 1 FROM cplis c WHERE c.client_id = k.client_id)
ORDER BY upper(k.ssref) = upper(:written) DESC NULLS LAST, lower(k.surname), lower(k.forename), k.client_id LIMIT :limit
""")

_LINE_ITEMS = text("""
SELECT c.cpli_id, k.title, k.forename, k.surname, k.ssref, k.client_ref, k.nhs_number, s.name AS service
FROM cplis c JOIN clients k USING (client_id) JOIN services s USING (service_id)
WHERE c.cpli_id::text COLLATE "C" >= :id AND c.cpli_id::text COLLATE "C" < :id_end
ORDER BY c.cpli_id LIMIT :limit
""")


def clients(session: Session, written: str, limit: int) -> list[Row]:
    """Clients whose SSRef, NHSNumber or surname begins so, or who were known so; the one whose SSRef it is first."""
    ref, ref_end = prefix_range(written.upper())
    number, number_end = prefix_range(written.replace(" ", ""))
    name, name_end = prefix_range(written.lower())
    values: Row = {"ref": ref, "ref_end": ref_end, "number": number, "number_end": number_end, "name": name}
    values |= {"name_end": name_end, "named": of_any_kind([written.upper()])}
    rows = session.execute(_CLIENTS, values | {"limit": limit})
    return [dict(row) for row in rows.mappings()]


def clients_of_part(session: Session, written: str, limit: int) -> list[Row]:
    """Clients with this anywhere in an identifier or in the name, in any letter case; whose SSRef it is first."""
    words = " ".join(written.replace(",", " ").split())
    values = {"written": written, "part": _anywhere(words), "number": _anywhere(words.replace(" ", ""))}
    return [dict(row) for row in session.execute(_OF_PART, values | {"limit": limit}).mappings()]


def _anywhere(text: str) -> str:
    """A pattern of LIKE for what holds this."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def line_items(session: Session, written: str, limit: int) -> list[Row]:
    """CPLIs whose CpliId begins so."""
    first, end = prefix_range(written)
    rows = session.execute(_LINE_ITEMS, {"id": first, "id_end": end, "limit": limit})
    return [dict(row) for row in rows.mappings()]
