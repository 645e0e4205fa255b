"""Queries of payments on what care says: packages, organisations, visit types. Set-based: one statement a step."""

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.columns import array_text
from libs.common.terms import terms_from_json
from services.payments.rules import Package, VisitType


@dataclass(slots=True)
class StoredPackage(Package):
    """A package with its version and the reference by which other systems know its client."""

    version: int
    client_reference: str


def packages(session: Session, cpli_ids: Collection[int]) -> dict[int, StoredPackage]:
    """The packages with these CpliIds, as far as they are known."""
    return _packages(session, "WHERE cpli_id = ANY(CAST(:ids AS bigint[]))", cpli_ids)


def packages_of_clients(session: Session, client_ids: Collection[str]) -> dict[int, StoredPackage]:
    """All packages of these clients, of whatever organisation."""
    return _packages(session, "WHERE client_id = ANY(CAST(:ids AS uuid[]))", client_ids)


def _packages(session: Session, where: str, ids: Collection[Any]) -> dict[int, StoredPackage]:
    rows = session.execute(
        text(
            "SELECT cpli_id, client_id::text, organisation_id::text, contract, start_on, end_on, terms, version,"
            " client_reference FROM packages " + where
        ),
        {"ids": array_text(ids)},
    )
    found = {}
    for row in rows.all():
        values = (*row[:6], terms_from_json(row.terms), row.version, row.client_reference)
        found[row.cpli_id] = StoredPackage(*values)
    return found


def save_packages(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest of each package, as ``care_changed`` says it. Their locks are held."""
    session.execute(
        text(
            "INSERT INTO packages (cpli_id, version, client_id, client_reference, organisation_id, contract,"
            " start_on, end_on, terms)"
            " VALUES (:cpli_id, :version, :client_id, :client_reference, :organisation_id, :contract,"
            " :start_on, :end_on, CAST(:terms AS jsonb)) ON CONFLICT (cpli_id) DO UPDATE SET"
            " version = excluded.version, client_id = excluded.client_id,"
            " client_reference = excluded.client_reference, organisation_id = excluded.organisation_id,"
            " contract = excluded.contract, start_on = excluded.start_on, end_on = excluded.end_on,"
            " terms = excluded.terms"
        ),
        [dict(row) for row in rows],
    )


def save_organisations(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest name of each organisation."""
    session.execute(
        text(
            "INSERT INTO organisations (organisation_id, name, version) VALUES (:organisation_id, :name, :version)"
            " ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name, version = excluded.version"
            " WHERE organisations.version < excluded.version"
        ),
        [dict(row) for row in rows],
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
