"""Queries of matching for reports; row-level security limits what a provider sees."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

_PLACE = "o.folded_name, c.service_level, lower(k.surname), lower(k.forename), k.client_id, c.start_on, c.cpli_id"
_PACKAGES = f"""
SELECT c.cpli_id, o.name AS organisation, coalesce(l.name, c.service_level) AS service_level, s.name AS service,
       coalesce(k.ssref, k.client_ref, k.nhs_number) AS client, k.forename, k.surname, c.start_on, c.end_on,
       c.cost_centre, c.subjective, c.service_group_class
FROM organisations o JOIN cplis c USING (organisation_id) JOIN services s USING (service_id)
JOIN clients k USING (client_id) LEFT JOIN service_levels l ON l.folded_name = c.service_level
WHERE c.unit = 'Hr' AND c.payment_method = 'Visits'
  AND c.start_on <= :last AND (c.end_on IS NULL OR c.end_on >= :first)
  AND (CAST(:organisation AS uuid) IS NULL OR c.organisation_id = CAST(:organisation AS uuid))
  AND (CAST(:group_class AS text) IS NULL OR c.service_group_class = :group_class)
  AND (CAST(:client AS text) IS NULL OR k.ssref = :client OR k.client_ref = :client OR k.nhs_number = :client)
  {{beyond}}
ORDER BY {_PLACE} LIMIT :limit
"""
# The name of the organisation once more, by itself: it is what an index finds.
_BEYOND = f"""
AND ({_PLACE}) > (SELECT {_PLACE} {{of_last}})
AND o.folded_name >= (SELECT o.folded_name {{of_last}})
""".format(
    of_last="FROM cplis c JOIN organisations o USING (organisation_id) JOIN clients k USING (client_id)"
    " WHERE c.cpli_id = :after"
)


def packages_by_client(session: Session, facts: Mapping[str, Any], *, after: int, limit: int) -> list[Row]:
    """CPLIs of hours paid from visits that are in force between two days: by organisation, service level and client.

    A CPLI is never deleted: ``after`` stays a place.
    """
    rows = session.execute(
        text(_PACKAGES.format(beyond=_BEYOND if after >= 0 else "")),
        {**facts, "after": after, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def group_classes(session: Session) -> list[str]:
    """The service group classes that care names."""
    return list(
        session.scalars(
            text("SELECT DISTINCT service_group_class FROM cplis WHERE service_group_class <> '' ORDER BY 1")
        )
    )


def unmatched(
    session: Session, facts: Mapping[str, Any], *, after: Sequence[Any] | None, limit: int
) -> list[Row]:
    """Visits without a match that are planned between two days: by organisation, reason and planned time.

    The name of a client is known to those alone who have care of the client. ``after`` is the ``place`` of a row.
    """
    names = ("after_name", "after_reason", "after_day", "after_entry", "after_ref")
    rows = session.execute(
        text(
            "SELECT * FROM (SELECT v.organisation_id::text, coalesce(o.name, v.organisation_id::text) AS organisation,"
            " v.visit_ref, substr(v.identifier, 3) AS client, coalesce(k.forename, '') AS forename,"
            " coalesce(k.surname, '') AS surname, v.planned_on, v.planned_entry, v.planned_exit, v.visit_type,"
            " coalesce(s.name, v.service_name) AS service, coalesce(l.name, v.service_level) AS service_level,"
            " v.delivered_seconds, v.reason, coalesce(o.folded_name, '') AS folded_name FROM visits v"
            " LEFT JOIN organisations o USING (organisation_id)"
            " LEFT JOIN services s ON s.organisation_id = v.organisation_id AND s.folded_name = v.service_name"
            " LEFT JOIN service_levels l ON l.folded_name = v.service_level"
            " LEFT JOIN clients k ON k.client_id = v.client_id"
            "  AND EXISTS (SELECT 1 FROM cplis c WHERE c.client_id = v.client_id)"
            " WHERE NOT v.deleted AND v.cpli_id IS NULL AND v.reason IS NOT NULL"
            " AND v.planned_on BETWEEN :first AND :last"
            " AND (CAST(:organisation AS uuid) IS NULL OR v.organisation_id = CAST(:organisation AS uuid))"
            " AND (CAST(:reason AS text) IS NULL OR v.reason = :reason)"
            " AND (CAST(:service AS text) IS NULL OR v.service_name = :service)"
            " AND (CAST(:clients AS text[]) IS NULL OR substr(v.identifier, 3) = ANY(:clients))) listed"
            " WHERE :is_first OR (folded_name, reason, planned_on, planned_entry, visit_ref) >"
            " (:after_name, :after_reason, CAST(:after_day AS date), CAST(:after_entry AS bigint), :after_ref)"
            " ORDER BY folded_name, reason, planned_on, planned_entry, visit_ref LIMIT :limit"
        ),
        {
            **facts,
            **dict(zip(names, after or [None] * len(names), strict=True)),
            "is_first": after is None,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def services_of(session: Session, organisation_id: str | None) -> list[tuple[str, str]]:
    """Names and contracts of the services of an organisation, or of all that the caller may see."""
    rows = session.execute(
        text(
            "SELECT DISTINCT name, contract FROM services WHERE CAST(:organisation AS uuid) IS NULL"
            " OR organisation_id = CAST(:organisation AS uuid) ORDER BY name"
        ),
        {"organisation": organisation_id},
    )
    return [(name, contract) for name, contract in rows]
