"""Queries of matching on commissioned care: loading the book that a file touches, and writing what changed in it."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.terms import ONE_OFF, Term
from libs.common.files.spooled import kept_by_key
from libs.common.sql.columns import array_text, in_parts
from services.matching.book import store_identifiers
from services.matching.book.book import CareBook
from services.matching.book.clients import Held
from services.matching.book.names import Facts
from services.matching.care import store as care_store
from services.matching.identifiers import store as identifiers_store
from services.matching.identifiers.rules import IDENTIFIERS
from services.matching.measures import store as measures_store

CPLI_COLUMNS = [
    "client_id",
    "organisation_id",
    "service_id",
    "service_level",
    "start_on",
    "end_on",
    "unit",
    "frequency",
    "pricing",
    "payment_method",
    "authorised",
    "timetable",
    "critical_slots",
    "suspensions",
    "cost_centre",
    "subjective",
    "service_group_class",
    "council_ref",
]
JSON_COLUMNS = frozenset({"timetable", "critical_slots", "suspensions"})
CLIENT_COLUMNS = (*IDENTIFIERS, "title", "forename", "surname", "date_of_birth")
AS_TEXT = {"client_id", "organisation_id", "service_id"}
CPLIS_IN_A_MESSAGE = 50
WRITTEN_AT_ONCE = 1_000
"""Rows of a table that are put together for one statement."""


def book_of(session: Session, cpli_ids: Collection[int], identifiers: Collection[str]) -> CareBook:
    """These CPLIs, the clients of them or of these identifiers, and all lists. The care lock is held exclusively.

    Much of it is read part by part, and lies aside.
    """
    cplis: MutableMapping[int, Facts] = kept_by_key(len(cpli_ids))
    terms: MutableMapping[int, dict[dt.date, Term]] = kept_by_key(len(cpli_ids))
    held: dict[str, list[Held]] = {}
    diaries: dict[int, bool] = {}
    client_ids: dict[str, None] = {}
    for some in in_parts(identifiers):
        held |= store_identifiers.holders_of(session, some)
    client_ids = dict.fromkeys(one.client_id for holders in held.values() for one in holders)
    for ids in in_parts(cpli_ids):
        for cpli_id, facts in _by_id(session, "cplis", "cpli_id", CPLI_COLUMNS, ids):
            cplis[cpli_id] = facts
            client_ids.setdefault(facts["client_id"])
        for cpli_id, dated in care_store.terms_of(session, ids).items():
            terms[cpli_id] = {term.effective_from: term for term in dated}
        diaries |= measures_store.diaries_of_cplis(session, ids)
    clients: MutableMapping[str, Facts] = kept_by_key(len(client_ids) + len(identifiers))
    for some in in_parts(client_ids):
        ids_of_some = {client_id: client_id for client_id in some}
        for client_id, facts in _by_id(session, "clients", "client_id", CLIENT_COLUMNS, some):
            clients[ids_of_some[client_id]] = facts
    return CareBook(
        clients=clients,
        held=held,
        organisations=dict(
            _by_id(
                session,
                "organisations",
                "organisation_id",
                ("organisation_ref", "name", "folded_name", "former_names", "address"),
            )
        ),
        services=dict(
            _by_id(
                session,
                "services",
                "service_id",
                ("organisation_id", "service_ref", "name", "folded_name", "former_names", "contract"),
            )
        ),
        levels=dict(
            _by_id(
                session,
                "service_levels",
                "folded_name",
                ("service_level_ref", "name", "requires_visits", "aliases"),
            )
        ),
        cplis=cplis,
        terms=terms,
        diaries=diaries,
    )


def _by_id(
    session: Session, table: str, key: str, columns: Sequence[str], ids: Collection[Any] | None = None
) -> Iterator[tuple[Any, Facts]]:
    shown = ", ".join(f"{name}::text AS {name}" if name in AS_TEXT else name for name in (key, *columns))
    kind = "uuid" if key in AS_TEXT else "bigint"
    where = "" if ids is None else f" WHERE {key} = ANY(CAST(:ids AS {kind}[]))"
    values = {} if ids is None else {"ids": array_text(ids)}
    rows = session.execute(text(f"SELECT {shown} FROM {table}{where}"), values)
    for row in rows.mappings():
        yield row[key], {name: row[name] for name in columns}


def save_book(session: Session, book: CareBook, *, imported_by: str, cause_id: str) -> dict[str, int]:
    """Write what changed in the book; answers the version of each changed CPLI (as text) and list entry."""
    versions = iter(care_store.draw_versions(session, _changes(book)))
    _upsert(session, "clients", "client_id", CLIENT_COLUMNS, book.clients, book.changed_clients)
    store_identifiers.save_held(session, book)
    listed = ("organisation_ref", "name", "folded_name", "former_names", "address", "version")
    said: dict[str, int] = {}
    changes: tuple[tuple[str, str, Sequence[str], Mapping[Any, Facts], Collection[Any]], ...] = (
        ("organisations", "organisation_id", listed, book.organisations, book.changed_organisations),
        (
            "services",
            "service_id",
            ("organisation_id", "service_ref", "name", "folded_name", "former_names", "contract", "version"),
            book.services,
            book.changed_services,
        ),
        (
            "service_levels",
            "folded_name",
            ("service_level_ref", "name", "requires_visits", "aliases", "version"),
            book.levels,
            book.changed_levels,
        ),
        ("cplis", "cpli_id", (*CPLI_COLUMNS, "version"), book.cplis, book.changed_cplis),
    )
    for table, key, columns, rows, changed in changes:
        versioned = {row_id: next(versions) for row_id in sorted(changed)}
        said |= {f"{table}/{row_id}": version for row_id, version in versioned.items()}
        _upsert(session, table, key, columns, rows, changed, versioned)
    _save_terms(session, book)
    for cpli_id in sorted(book.changed_diaries):
        about = measures_store.about_cpli(cpli_id)
        measures_store.add_one_diary(session, about, imported_by, is_one_diary=book.diaries[cpli_id])
    _save_history(session, book, said, imported_by, cause_id)
    return said


def _changes(book: CareBook) -> int:
    lists = len(book.changed_organisations) + len(book.changed_services) + len(book.changed_levels)
    return lists + len(book.changed_cplis)


def _upsert(
    session: Session,
    table: str,
    key: str,
    columns: Sequence[str],
    rows: Mapping[Any, Facts],
    changed: Iterable[Any],
    versions: Mapping[Any, int] | None = None,
) -> None:
    """``versions``: those of the rows, where they have any."""
    values = (
        {key: row_id}
        | {
            name: versions[row_id] if versions and name == "version" else _value(rows[row_id][name], name)
            for name in columns
        }
        for row_id in sorted(changed)
    )
    while some := list(islice(values, WRITTEN_AT_ONCE)):
        marks = ", ".join(f"CAST(:{n} AS jsonb)" if n in JSON_COLUMNS else f":{n}" for n in (key, *columns))
        updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
        session.execute(
            text(
                f"INSERT INTO {table} ({key}, {', '.join(columns)}) VALUES ({marks})"
                f" ON CONFLICT ({key}) DO UPDATE SET {updates}"
            ),
            some,
        )


def _value(value: Any, name: str) -> Any:
    return json.dumps(value) if name in JSON_COLUMNS else value


def _save_terms(session: Session, book: CareBook) -> None:
    values = (
        {"cpli_id": cpli_id} | asdict(book.terms[cpli_id][day]) for cpli_id, day in sorted(book.changed_terms)
    )
    while some := list(islice(values, WRITTEN_AT_ONCE)):
        session.execute(
            text(
                "INSERT INTO cpli_terms (cpli_id, effective_from, quantity, unit_cost, assessed_contribution,"
                " collected_by) VALUES (:cpli_id, :effective_from, :quantity, :unit_cost, :assessed_contribution,"
                " :collected_by) ON CONFLICT (cpli_id, effective_from) DO UPDATE SET quantity = excluded.quantity,"
                " unit_cost = excluded.unit_cost, assessed_contribution = excluded.assessed_contribution,"
                " collected_by = excluded.collected_by"
            ),
            some,
        )


def _save_history(
    session: Session, book: CareBook, said: Mapping[str, int], imported_by: str, cause_id: str
) -> None:
    values = (
        {
            "cpli_id": cpli_id,
            "version": said[f"cplis/{cpli_id}"],
            "care_row": row.as_json(),
            "imported_by": imported_by,
            "cause_id": cause_id,
        }
        for cpli_id, row in book.history
    )
    while some := list(islice(values, WRITTEN_AT_ONCE)):
        session.execute(
            text(
                "INSERT INTO cpli_history (cpli_id, version, care_row, imported_by, cause_id)"
                " VALUES (:cpli_id, :version, CAST(:care_row AS jsonb), :imported_by, :cause_id)"
            ),
            some,
        )


def cplis_of_services(session: Session, service_ids: Collection[str]) -> list[int]:
    """The CPLIs of these services: a service's contract and name are theirs."""
    return list(
        session.scalars(
            text("SELECT cpli_id FROM cplis WHERE service_id = ANY(CAST(:ids AS uuid[]))"),
            {"ids": array_text(service_ids)},
        )
    )


def cplis_of_clients(session: Session, client_ids: Collection[str]) -> list[int]:
    """The CPLIs of these clients."""
    return list(
        session.scalars(
            text("SELECT cpli_id FROM cplis WHERE client_id = ANY(CAST(:ids AS uuid[]))"),
            {"ids": array_text(client_ids)},
        )
    )


def all_cplis(session: Session) -> list[int]:
    """Every CPLI, for ``resync``."""
    return list(session.scalars(text("SELECT cpli_id FROM cplis ORDER BY client_id")))


def all_one_offs(session: Session) -> list[int]:
    """Every CPLI that is a single payment (RULES 2)."""
    unit, frequency = ONE_OFF
    return list(
        session.scalars(
            text("SELECT cpli_id FROM cplis WHERE unit = :unit AND frequency = :frequency"),
            {"unit": unit, "frequency": frequency},
        )
    )


def renew_versions(session: Session, cpli_ids: Collection[int]) -> None:
    """Draw new versions for CPLIs of which only the service's contract or the client's reference changed."""
    session.execute(
        text("UPDATE cplis SET version = nextval('version') WHERE cpli_id = ANY(CAST(:ids AS bigint[]))"),
        {"ids": array_text(cpli_ids)},
    )


def organisations_with_visits_of(session: Session, client_ids: Collection[str]) -> dict[str, set[str]]:
    """For each organisation that has visits of these clients, or by their identifiers: which clients."""
    found: dict[str, set[str]] = defaultdict(set)
    with_unknown: set[str] = set()
    for some in in_parts(client_ids):
        rows = session.execute(
            text(
                "SELECT DISTINCT organisation_id::text, client_id::text FROM visits"
                " WHERE client_id = ANY(CAST(:ids AS uuid[])) UNION"
                " SELECT DISTINCT organisation_id::text, NULL FROM visits"
                " WHERE client_id IS NULL AND identifier = ANY(CAST(:names AS text[]))"
            ),
            {
                "ids": array_text(some),
                "names": array_text(identifiers_store.identifiers_of(session, some)),
            },
        )
        for organisation_id, client_id in rows:
            if client_id:
                found[organisation_id].add(client_id)
            else:
                with_unknown.add(organisation_id)
    for organisation_id in with_unknown:
        found[organisation_id] |= set(client_ids)
    return found


def organisations_with_deliveries(session: Session, organisation_ids: Collection[str]) -> set[str]:
    """Which of these organisations have any visits or actuals: only those have anything to match again."""
    return set(
        session.scalars(
            text(
                "SELECT id::text FROM unnest(CAST(:ids AS uuid[])) id"
                " WHERE EXISTS (SELECT 1 FROM visits v WHERE v.organisation_id = id)"
                " OR EXISTS (SELECT 1 FROM actuals a WHERE a.organisation_id = id)"
            ),
            {"ids": list(organisation_ids)},
        )
    )
