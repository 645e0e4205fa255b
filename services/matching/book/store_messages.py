"""Queries of matching on what ``care_changed`` says: the council's lists, and care package line items with their terms."""

from collections.abc import Collection, Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.terms import terms_as_json
from libs.common.seams.matching.events import (
    CareLists,
    SaidOrganisation,
    SaidPackage,
    SaidService,
    SaidServiceLevel,
    SaidVisitType,
)
from libs.common.sql.columns import array_text
from services.matching.care import store as care_store

VISIT_TYPE_CHANGES = (
    "SELECT DISTINCT ON (ref, effective_from) * FROM visit_type_changes"
    " ORDER BY ref, effective_from, change_id DESC"
)
"""What holds of each visit type from each date on."""

PACKAGES_AT_ONCE = 1_000


def reference_lists(session: Session) -> CareLists:
    """The council's lists: organisations, services, levels and visit types."""
    return {
        "organisations": _organisations(session),
        "services": _services(session),
        "service_levels": _service_levels(session),
        "visit_types": _visit_types(session),
    }


def _organisations(session: Session) -> list[SaidOrganisation]:
    columns = "organisation_id::text, organisation_ref, name, former_names, version"
    return [
        {
            "organisation_id": row.organisation_id,
            "organisation_ref": row.organisation_ref,
            "name": row.name,
            "former_names": row.former_names,
            "version": row.version,
        }
        for row in session.execute(text(f"SELECT {columns} FROM organisations"))
    ]


def _services(session: Session) -> list[SaidService]:
    columns = "service_id::text, organisation_id::text, service_ref, name, former_names, contract, version"
    return [
        {
            "service_id": row.service_id,
            "organisation_id": row.organisation_id,
            "service_ref": row.service_ref,
            "name": row.name,
            "former_names": row.former_names,
            "contract": row.contract,
            "version": row.version,
        }
        for row in session.execute(text(f"SELECT {columns} FROM services"))
    ]


def _service_levels(session: Session) -> list[SaidServiceLevel]:
    columns = "service_level_ref, name, requires_visits, aliases, version"
    return [
        {
            "service_level_ref": row.service_level_ref,
            "name": row.name,
            "requires_visits": row.requires_visits,
            "aliases": row.aliases,
            "version": row.version,
        }
        for row in session.execute(text(f"SELECT {columns} FROM service_levels"))
    ]


def _visit_types(session: Session) -> list[SaidVisitType]:
    rows = session.execute(
        text(
            "SELECT ref, name, delivered, paid, charged, basis, version, coalesce((SELECT jsonb_agg("
            " jsonb_build_array(effective_from, paid, charged, basis) ORDER BY effective_from) FROM"
            f" ({VISIT_TYPE_CHANGES}) c WHERE c.ref = t.ref), '[]') AS later FROM visit_types t"
        )
    )
    return [
        {
            "ref": row.ref,
            "name": row.name,
            "delivered": row.delivered,
            "paid": row.paid,
            "charged": row.charged,
            "basis": row.basis,
            "version": row.version,
            "later": row.later,
        }
        for row in rows
    ]


def stream_packages(session: Session, cpli_ids: Collection[int]) -> Iterator[SaidPackage]:
    """The same for any number of CPLIs, a client's together; some of them are in memory."""
    in_order = session.scalars(
        text(
            "SELECT cpli_id FROM cplis WHERE cpli_id = ANY(CAST(:ids AS bigint[])) ORDER BY client_id, cpli_id"
        ),
        {"ids": array_text(cpli_ids)},
    ).all()
    for first in range(0, len(in_order), PACKAGES_AT_ONCE):
        yield from packages_of(session, in_order[first : first + PACKAGES_AT_ONCE])


def packages_of(session: Session, cpli_ids: Collection[int]) -> list[SaidPackage]:
    """CPLIs with their whole terms."""
    rows = session.execute(
        text(
            "SELECT c.cpli_id, c.version, c.client_id::text, coalesce(k.ssref, k.client_ref, k.nhs_number, '')"
            " AS client_reference, c.organisation_id::text, s.contract, c.start_on::text, c.end_on::text,"
            " c.unit, c.frequency, c.authorised, c.service_level, s.name AS service, c.service_id::text,"
            " coalesce(k.ssref, '') AS ssref, c.payment_method"
            " FROM cplis c JOIN services s USING (service_id) JOIN clients k USING (client_id)"
            " WHERE c.cpli_id = ANY(:ids) ORDER BY c.client_id, c.cpli_id"
        ),
        {"ids": list(cpli_ids)},
    )
    terms = care_store.terms_of(session, list(cpli_ids))
    plans = care_store.plans_of(session, list(cpli_ids))
    return [
        {
            "cpli_id": row.cpli_id,
            "version": row.version,
            "client_id": row.client_id,
            "client_reference": row.client_reference,
            "organisation_id": row.organisation_id,
            "contract": row.contract,
            "start_on": row.start_on,
            "end_on": row.end_on,
            "unit": row.unit,
            "frequency": row.frequency,
            "authorised": row.authorised,
            "service_level": row.service_level,
            "service": row.service,
            "service_id": row.service_id,
            "ssref": row.ssref,
            "payment_method": row.payment_method,
            "terms": terms_as_json(terms[row.cpli_id]),
            "plan": plans[row.cpli_id],
        }
        for row in rows
    ]


def reference_version(session: Session) -> int:
    """The newest version of the lists that was said, by an import or a change of a list."""
    return (
        session.scalar(
            text(
                "SELECT greatest((SELECT max(reference_version) FROM care_imports),"
                " (SELECT max(version) FROM service_levels), (SELECT max(version) FROM visit_types))"
            )
        )
        or 0
    )
