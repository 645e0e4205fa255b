"""Queries of matching for the faces; row-level security limits what a provider sees."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.matching.identifiers.rules import of_any_kind

LAST_CPLI_ID = 2**63 - 1

Row = dict[str, Any]


_CPLIS = """
SELECT c.cpli_id, c.version, c.organisation_id::text, o.name AS organisation, o.organisation_ref,
       c.client_id::text, k.ssref, k.client_ref, k.nhs_number, k.title, k.forename, k.surname, s.service_id::text, s.name AS service,
       s.former_names AS former_services, s.service_ref, s.contract,
       coalesce(l.name, c.service_level) AS service_level, l.service_level_ref, c.start_on, c.end_on,
       c.unit, c.frequency, c.pricing, c.payment_method, c.authorised, c.timetable, c.critical_slots, c.suspensions
FROM cplis c JOIN services s USING (service_id) JOIN clients k USING (client_id)
JOIN organisations o ON o.organisation_id = c.organisation_id
LEFT JOIN service_levels l ON l.folded_name = c.service_level
WHERE c.cpli_id > :after AND c.cpli_id <= :last
  AND (CAST(:organisation AS uuid) IS NULL OR c.organisation_id = CAST(:organisation AS uuid))
  AND (CAST(:clients AS text[]) IS NULL OR c.client_id IN
       (SELECT client_id FROM client_identifiers WHERE identifier = ANY(:clients)))
  AND (CAST(:service AS text) IS NULL OR s.folded_name = :service)
  AND (CAST(:level AS text) IS NULL OR c.service_level = :level)
  AND (CAST(:day AS date) IS NULL OR c.end_on IS NULL OR c.end_on >= CAST(:day AS date))
ORDER BY c.cpli_id LIMIT :limit
"""


def cplis(
    session: Session,
    organisation_id: str | None,
    *,
    clients: Sequence[str] | None = None,
    service: str | None = None,
    service_level: str | None = None,
    not_ended_on: dt.date | None = None,
    after: int = -1,
    last: int = LAST_CPLI_ID,
    limit: int,
) -> list[Row]:
    """A page of CPLIs in the order of their CpliIds; names of services and levels are folded."""
    facts = {
        "organisation": organisation_id,
        "clients": None if clients is None else of_any_kind(clients),
        "service": service,
        "level": service_level,
        "day": not_ended_on,
        "after": after,
        "last": last,
        "limit": limit,
    }
    return [dict(row) for row in session.execute(text(_CPLIS), facts).mappings()]
