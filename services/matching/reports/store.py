"""Queries of matching for reports; row-level security limits what a provider sees."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.matching.identifiers.rules import of_any_kind

Row = dict[str, Any]

_PLACE = (
    "o.folded_name, c.service_level, lower(k.surname), lower(k.forename), k.client_id, c.start_on, c.cpli_id"
)
_PACKAGES = f"""
SELECT c.cpli_id, o.name AS organisation, coalesce(l.name, c.service_level) AS service_level, s.name AS service,
       coalesce(k.ssref, k.client_ref, k.nhs_number) AS client, k.forename, k.surname, c.start_on, c.end_on,
       c.cost_centre, c.subjective, c.service_group_class
FROM organisations o JOIN cplis c USING (organisation_id) JOIN services s USING (service_id)
JOIN clients k USING (client_id) LEFT JOIN service_levels l ON l.folded_name = c.service_level
WHERE c.unit = 'Hr'
  AND c.start_on <= :last AND (c.end_on IS NULL OR c.end_on >= :first)
  AND {{where}}
ORDER BY {_PLACE} LIMIT :limit
"""
_OF_PACKAGES = {
    "organisation": "o.organisation_id = :organisation",
    "group_class": "c.service_group_class = :group_class",
    "payment_method": "c.payment_method = :payment_method",
    "client": "c.client_id IN (SELECT client_id FROM client_identifiers WHERE identifier = ANY(:named))",
}
# The name of the organisation once more, by itself: it is what an index finds.
_BEYOND = f"""
({_PLACE}) > (SELECT {_PLACE} {{of_last}})
AND o.folded_name >= (SELECT o.folded_name {{of_last}})
""".format(
    of_last="FROM cplis c JOIN organisations o USING (organisation_id) JOIN clients k USING (client_id)"
    " WHERE c.cpli_id = :after"
)


def packages_by_client(session: Session, facts: Mapping[str, Any], *, after: int, limit: int) -> list[Row]:
    """CPLIs of hours that are in force between two days: by organisation, service level and client.

    A CPLI is never deleted: ``after`` stays a place.
    """
    given = [sql for name, sql in _OF_PACKAGES.items() if facts[name] is not None]
    where = " AND ".join([*given, _BEYOND if after >= 0 else "true"])
    named = of_any_kind([facts["client"]]) if facts["client"] else []
    values = {**facts, "named": named, "after": after, "limit": limit}
    rows = session.execute(text(_PACKAGES.format(where=where)), values)
    return [dict(row) for row in rows.mappings()]


def group_classes(session: Session) -> list[str]:
    """The service group classes that care names."""
    return list(
        session.scalars(
            text("SELECT DISTINCT service_group_class FROM cplis WHERE service_group_class <> '' ORDER BY 1")
        )
    )


_OF_UNMATCHED = {
    "organisation": "v.organisation_id = :organisation",
    "reason": "v.reason = :reason",
    "service": "(v.service_name = :service OR EXISTS (SELECT 1 FROM services n WHERE n.organisation_id ="
    " v.organisation_id AND n.folded_name = :service AND v.service_name = ANY(n.former_names)))",
    "clients": "substr(v.identifier, 3) = ANY(:clients)",
}
_UNMATCHED_PLACE = "coalesce(o.folded_name, ''), v.reason, v.planned_on, v.planned_entry, v.visit_ref"
# A page is chosen from what an index holds (`visits_unmatched`), and only its visits are read.
_UNMATCHED = f"""
WITH chosen AS (
  SELECT v.organisation_id, v.visit_ref FROM visits v LEFT JOIN organisations o USING (organisation_id)
  WHERE NOT v.deleted AND v.reason IS NOT NULL AND v.planned_on BETWEEN :first AND :last AND {{where}}
  ORDER BY {_UNMATCHED_PLACE} LIMIT :limit
)
SELECT v.organisation_id::text, coalesce(o.name, v.organisation_id::text) AS organisation, v.visit_ref,
       substr(v.identifier, 3) AS client, coalesce(k.forename, '') AS forename, coalesce(k.surname, '') AS surname,
       v.planned_on, v.planned_entry, v.planned_exit, v.visit_type, coalesce(s.name, v.written_service) AS service,
       coalesce(l.name, v.written_level) AS service_level, v.delivered_seconds, v.reason,
       coalesce(o.folded_name, '') AS folded_name
FROM chosen JOIN visits v USING (organisation_id, visit_ref) LEFT JOIN organisations o USING (organisation_id)
LEFT JOIN services s ON s.organisation_id = v.organisation_id
  AND (s.folded_name = v.service_name OR v.service_name = ANY(s.former_names))
LEFT JOIN service_levels l ON l.folded_name = v.service_level
LEFT JOIN clients k ON k.client_id = v.client_id AND EXISTS (SELECT 1 FROM cplis c WHERE c.client_id = v.client_id)
ORDER BY {_UNMATCHED_PLACE}
"""


def unmatched(
    session: Session, facts: Mapping[str, Any], *, after: Sequence[Any] | None, limit: int
) -> list[Row]:
    """Visits without a match that are planned between two days: by organisation, reason and planned time.

    The name of a client is known to those alone who have care of the client. ``after`` is the ``place`` of a row.
    """
    conditions = [sql for name, sql in _OF_UNMATCHED.items() if facts[name] is not None]
    place: dict[str, Any] = {}
    if after is not None:
        names = ("after_name", "after_reason", "after_day", "after_entry", "after_ref")
        place = dict(zip(names, after, strict=True))
        conditions.append(
            f"({_UNMATCHED_PLACE}) >"
            " (:after_name, :after_reason, CAST(:after_day AS date), CAST(:after_entry AS bigint), :after_ref)"
        )
    rows = session.execute(
        text(_UNMATCHED.format(where=" AND ".join(conditions or ["true"]))),
        {**facts, **place, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


# None of `first` and `last` is no limit: all lie within.
_UNMATCHED_DAYS = """
SELECT max(v.planned_on) AS newest, count(*) FILTER (WHERE NOT {within}) AS outside,
       max(v.planned_on) FILTER (WHERE NOT {within}) AS newest_outside
FROM visits v WHERE NOT v.deleted AND v.reason IS NOT NULL AND {{where}}
""".format(within="v.planned_on BETWEEN CAST(:first AS date) AND CAST(:last AS date)")


def unmatched_days(session: Session, facts: Mapping[str, Any]) -> Row:
    """Of all visits without a match, on whatever day: the newest day, how many lie outside of two days, and the newest
    day of those; nobody lies outside where no days are given.
    """
    conditions = [sql for name, sql in _OF_UNMATCHED.items() if facts[name] is not None]
    rows = session.execute(text(_UNMATCHED_DAYS.format(where=" AND ".join(conditions or ["true"]))), facts)
    return dict(rows.mappings().one())


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
