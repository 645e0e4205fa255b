"""Queries of payments on what care says: packages, organisations, visit types. Set-based: one statement a step."""

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.terms import ONE_OFF, terms_from_json
from libs.common.sql.columns import array_text
from services.payments.packages.rules import StoredPackage, VisitType

NOT_SAID = {
    "unit": "",
    "frequency": "",
    "authorised": True,
    "service_level": "",
    "service": "",
    "payment_method": "",
}
"""What messages from before a package said this leave out: ``resync`` has it said."""


def packages(session: Session, cpli_ids: Collection[int]) -> dict[int, StoredPackage]:
    """The packages with these CpliIds, as far as they are known."""
    return _packages(session, "WHERE cpli_id = ANY(CAST(:ids AS bigint[]))", cpli_ids)


def clients_and_starts(session: Session, cpli_ids: Collection[int]) -> dict[int, tuple[str, dt.date]]:
    """Client and StartDate of these CPLIs, as far as they are known."""
    rows = session.execute(
        text(
            "SELECT cpli_id, client_id::text, start_on FROM packages WHERE cpli_id = ANY(CAST(:ids AS bigint[]))"
        ),
        {"ids": array_text(cpli_ids)},
    )
    return {cpli_id: (client_id, start_on) for cpli_id, client_id, start_on in rows}


def packages_of_clients(session: Session, client_ids: Collection[str]) -> dict[int, StoredPackage]:
    """All packages of these clients, of whatever organisation."""
    return _packages(session, "WHERE client_id = ANY(CAST(:ids AS uuid[]))", client_ids)


def one_offs_of_clients(session: Session, client_ids: Collection[str]) -> dict[int, StoredPackage]:
    """The one-off payments of these clients (RULES 2)."""
    where = (
        "WHERE client_id = ANY(CAST(:ids AS uuid[]))"
        f" AND unit = '{ONE_OFF[0]}' AND frequency = '{ONE_OFF[1]}'"
    )
    return _packages(session, where, client_ids)


def _packages(session: Session, where: str, ids: Collection[Any]) -> dict[int, StoredPackage]:
    rows = session.execute(
        text(
            "SELECT cpli_id, client_id::text, organisation_id::text, contract, start_on, end_on, terms, version,"
            " client_reference, unit, frequency, authorised, service_level, service, payment_method, plan"
            " FROM packages " + where
        ),
        {"ids": array_text(ids)},
    )
    found = {}
    for row in rows.all():
        values = (*row[:6], terms_from_json(row.terms), row.version, row.client_reference)
        found[row.cpli_id] = StoredPackage(
            *values,
            unit=row.unit,
            frequency=row.frequency,
            authorised=row.authorised,
            service_level=row.service_level,
            service=row.service,
            payment_method=row.payment_method,
            said_plan=row.plan,
        )
    return found


def package_said(row: Mapping[str, Any]) -> StoredPackage:
    """A package as ``care_changed`` says it."""
    ends = row["end_on"]
    return StoredPackage(
        cpli_id=row["cpli_id"],
        client_id=row["client_id"],
        organisation_id=row["organisation_id"],
        contract=row["contract"],
        start_on=dt.date.fromisoformat(row["start_on"]),
        end_on=None if ends is None else dt.date.fromisoformat(ends),
        terms=terms_from_json(row["terms"]),
        version=row["version"],
        client_reference=row["client_reference"],
        said_plan=row.get("plan", {}),
        **{name: row.get(name, value) for name, value in NOT_SAID.items()},
    )


def save_packages(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest of each package, as ``care_changed`` says it. Their locks are held."""
    session.execute(
        text(
            "INSERT INTO packages (cpli_id, version, client_id, client_reference, organisation_id, contract,"
            " start_on, end_on, terms, plan, unit, frequency, authorised, service_level, service,"
            " payment_method)"
            " VALUES (:cpli_id, :version, :client_id, :client_reference, :organisation_id, :contract,"
            " :start_on, :end_on, CAST(:terms AS jsonb), CAST(:plan AS jsonb), :unit, :frequency, :authorised,"
            " :service_level, :service, :payment_method) ON CONFLICT (cpli_id) DO UPDATE SET"
            " version = excluded.version, client_id = excluded.client_id,"
            " client_reference = excluded.client_reference, organisation_id = excluded.organisation_id,"
            " contract = excluded.contract, start_on = excluded.start_on, end_on = excluded.end_on,"
            " terms = excluded.terms, plan = excluded.plan, unit = excluded.unit, frequency = excluded.frequency,"
            " authorised = excluded.authorised, service_level = excluded.service_level, service = excluded.service,"
            " payment_method = excluded.payment_method"
        ),
        [
            {**NOT_SAID, **row, "terms": json.dumps(row["terms"]), "plan": json.dumps(row.get("plan", {}))}
            for row in rows
        ],
    )


def save_organisations(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest names of each organisation."""
    session.execute(
        text(
            "INSERT INTO organisations (organisation_id, name, former_names, version)"
            " VALUES (:organisation_id, :name, :former_names, :version)"
            " ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name, former_names = excluded.former_names,"
            " version = excluded.version WHERE organisations.version < excluded.version"
        ),
        [{"former_names": []} | dict(row) for row in rows],
    )


def save_visit_types(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest row of each visit type."""
    session.execute(
        text(
            "INSERT INTO visit_types (ref, paid, charged, basis, later, version)"
            " VALUES (:ref, :paid, :charged, :basis, CAST(:later AS jsonb), :version) ON CONFLICT (ref) DO UPDATE SET"
            " paid = excluded.paid, charged = excluded.charged, basis = excluded.basis, later = excluded.later,"
            " version = excluded.version WHERE visit_types.version < excluded.version"
        ),
        [dict(row) | {"later": json.dumps(row.get("later") or [])} for row in rows],
    )


def visit_types(session: Session) -> dict[str, VisitType]:
    """The table of RULES 6."""
    rows = session.execute(text("SELECT ref, paid, charged, basis, later FROM visit_types"))
    return {row["ref"]: visit_type_of(dict(row)) for row in rows.mappings()}


def visit_type_of(row: Mapping[str, Any]) -> VisitType:
    """A row of the table as it is stored and said."""
    changes = (
        (dt.date.fromisoformat(day), paid, charged, basis)
        for day, paid, charged, basis in row.get("later") or ()
    )
    return VisitType(row["ref"], row["paid"], row["charged"], row["basis"], tuple(changes))


def list_contracts(session: Session) -> list[str]:
    """The contracts that packages are under."""
    return list(session.scalars(text("SELECT DISTINCT contract FROM packages ORDER BY contract")))


def list_organisations(session: Session) -> list[tuple[str, str]]:
    """Ids and names of all organisations."""
    return [(one, name) for one, name, _ in names_of_organisations(session)]


def names_of_organisations(session: Session) -> list[tuple[str, str, list[str]]]:
    """Id, name and former names (folded) of all organisations."""
    rows = session.execute(text("SELECT organisation_id::text, name, former_names FROM organisations"))
    return [(one, name, former) for one, name, former in rows]
