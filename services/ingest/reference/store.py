"""Queries of ingest on the council's lists, as matching said them, and on carers."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.names import find_named, fold
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from services.ingest.reference import store_clients
from services.ingest.rows.facts import LevelFact, Reference, ServiceFact, VisitTypeFact

NO_FORMER_NAMES: dict[str, Any] = {"former_names": []}
"""What a message says that does not speak of them yet."""


def organisation_named(session: Session, name: str) -> tuple[uuid.UUID, bool]:
    """The organisation that is called so now, or was formerly; and whether care has named it yet.

    One that nobody knows is given a row, under the id that care will give it.
    """
    known = find_organisation(session, name) or _begin_organisation(session, name)
    is_known = session.scalar(
        text("SELECT version > 0 FROM organisations WHERE organisation_id = :id"), {"id": known}
    )
    return known, bool(is_known)


def _begin_organisation(session: Session, name: str) -> uuid.UUID:
    """A row for an organisation that nobody knows; or that care has named just now."""
    made: uuid.UUID | None = session.scalar(
        text(
            "INSERT INTO organisations (organisation_id, name) VALUES (:id, :name) ON CONFLICT DO NOTHING"
            " RETURNING organisation_id"
        ),
        {"id": organisation_id_of(name), "name": name},
    )
    found = made or find_organisation(session, name)
    if found is None:
        raise Refused("not_found", f"“{name}” is called otherwise by now: write the name as care has it.")
    return found


def find_organisation(session: Session, name: str) -> uuid.UUID | None:
    """The organisation that is called so now, else the one that was; those that care names come first."""
    rows = session.execute(
        text("SELECT organisation_id, name, former_names FROM organisations ORDER BY version = 0")
    )
    return find_named(name, ((one, present, former) for one, present, former in rows))


def reference_version(session: Session) -> int:
    """The newest version of the lists that has arrived."""
    return session.scalar(text("SELECT version FROM reference_state")) or 0


def take_reference_version(session: Session, version: int) -> None:
    """Note that the lists of this version have arrived."""
    session.execute(
        text(
            "INSERT INTO reference_state (version) VALUES (:version)"
            " ON CONFLICT (one_row) DO UPDATE SET version = greatest(reference_state.version, excluded.version)"
        ),
        {"version": version},
    )


def save_organisations(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest of each organisation."""
    session.execute(
        text(
            "INSERT INTO organisations (organisation_id, name, organisation_ref, former_names, version)"
            " VALUES (:organisation_id, :name, :organisation_ref, :former_names, :version)"
            " ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name,"
            " organisation_ref = excluded.organisation_ref, former_names = excluded.former_names,"
            " version = excluded.version WHERE organisations.version < excluded.version"
        ),
        [NO_FORMER_NAMES | dict(row) for row in rows],
    )


def save_services(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest of each service."""
    session.execute(
        text(
            "INSERT INTO services"
            " (service_id, organisation_id, service_ref, name, folded_name, former_names, contract, version) VALUES"
            " (:service_id, :organisation_id, :service_ref, :name, :folded_name, :former_names, :contract, :version)"
            " ON CONFLICT (service_id) DO UPDATE SET organisation_id = excluded.organisation_id,"
            " service_ref = excluded.service_ref, name = excluded.name, folded_name = excluded.folded_name,"
            " former_names = excluded.former_names,"
            " contract = excluded.contract, version = excluded.version WHERE services.version < excluded.version"
        ),
        [NO_FORMER_NAMES | row | {"folded_name": fold(row["name"])} for row in map(dict, rows)],
    )


def save_service_levels(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest of each service level."""
    session.execute(
        text(
            "INSERT INTO service_levels (folded_name, service_level_ref, name, requires_visits, aliases, version)"
            " VALUES (:folded_name, :service_level_ref, :name, :requires_visits, :aliases, :version)"
            " ON CONFLICT (folded_name) DO UPDATE SET service_level_ref = excluded.service_level_ref,"
            " name = excluded.name, requires_visits = excluded.requires_visits, aliases = excluded.aliases,"
            " version = excluded.version WHERE service_levels.version < excluded.version"
        ),
        [row | {"folded_name": fold(row["name"])} for row in map(dict, rows)],
    )


def save_visit_types(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest of each visit type."""
    session.execute(
        text(
            "INSERT INTO visit_types (ref, delivered, paid, version) VALUES (:ref, :delivered, :paid, :version)"
            " ON CONFLICT (ref) DO UPDATE SET delivered = excluded.delivered, paid = excluded.paid,"
            " version = excluded.version"
            " WHERE visit_types.version < excluded.version"
        ),
        [dict(row) for row in rows],
    )


def reference_for(session: Session, organisation_id: uuid.UUID, deletable: Collection[str]) -> Reference:
    """What the council and this organisation know, as the rules need it."""
    name, former_names, ref = session.execute(
        text("SELECT name, former_names, organisation_ref FROM organisations WHERE organisation_id = :id"),
        {"id": organisation_id},
    ).one()
    services, foreign_refs = _services(session, organisation_id)
    levels, level_refs = _levels(session)
    types = session.execute(text("SELECT ref, delivered, paid FROM visit_types"))
    carers = session.scalars(
        text("SELECT carer_ref FROM carers WHERE organisation_id = :id"), {"id": organisation_id}
    )
    return Reference(
        organisation_id=organisation_id,
        organisation_name=name,
        organisation_ref=ref,
        former_names=frozenset(former_names),
        foreign_organisation_refs=frozenset() if ref else _other_refs(session, organisation_id),
        services={former: service for service in services for former in service.former_names}
        | {fold(service.name): service for service in services},
        service_refs={service.ref: service for service in services if service.ref},
        foreign_service_refs=foreign_refs,
        levels=levels,
        level_refs=level_refs,
        visit_types={fact.ref: VisitTypeFact(*fact) for fact in types},
        carers=frozenset(carers),
        deletable=deletable,
        clients=store_clients.references(session, organisation_id),
    )


def _other_refs(session: Session, organisation_id: uuid.UUID) -> frozenset[str]:
    rows = session.scalars(
        text(
            "SELECT organisation_ref FROM organisations"
            " WHERE organisation_id <> :id AND organisation_ref IS NOT NULL"
        ),
        {"id": organisation_id},
    )
    return frozenset(rows)


def _services(session: Session, organisation_id: uuid.UUID) -> tuple[list[ServiceFact], frozenset[str]]:
    rows = session.execute(
        text(
            "SELECT organisation_id = :id, coalesce(service_ref, ''), name, contract, former_names FROM services"
        ),
        {"id": organisation_id},
    ).all()
    own = [
        ServiceFact(ref, name, contract, frozenset(former))
        for is_own, ref, name, contract, former in rows
        if is_own
    ]
    return own, frozenset(ref for is_own, ref, *_ in rows if ref and not is_own)


def _levels(session: Session) -> tuple[dict[str, LevelFact], dict[str, LevelFact]]:
    by_name: dict[str, LevelFact] = {}
    by_ref: dict[str, LevelFact] = {}
    for ref, name, requires_visits, aliases in session.execute(
        text("SELECT service_level_ref, name, requires_visits, aliases FROM service_levels")
    ):
        level = LevelFact(ref, name, requires_visits)
        by_name |= {fold(spelling): level for spelling in (name, *aliases)}
        if ref:
            by_ref[ref] = level
    return by_name, by_ref
