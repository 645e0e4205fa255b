"""What each role of the database may do with each table: tried on a real one, over all tables that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from deploy.ops.bootstrap import append_only, said_of
from deploy.ops.roles import APPENDER, READER, SCHEMAS, role_names
from tests.support.run.schemas import Schemas

TABLES = """
    SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2
"""
COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' ORDER BY attnum
"""
SERVICE_ROLES = tuple(role for role in role_names() if role.endswith(("_rpc", "_work")))
STATEMENTS = {
    "SELECT": "SELECT count(*) FROM {table}",
    "INSERT": "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table} LIMIT 0",
    "UPDATE": "UPDATE {table} SET {column} = {column} WHERE false",
    "DELETE": "DELETE FROM {table} WHERE false",
    "TRUNCATE": "TRUNCATE {table}",
    "TRIGGER": "CREATE TRIGGER t BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "OWN": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP": "DROP TABLE {table}",
}
Table = tuple[str, str]


@pytest.fixture(scope="module")
def all_schemas(schemas: Callable[[], Schemas]) -> Schemas:
    return schemas()


@pytest.fixture(scope="module")
def tables(all_schemas: Schemas) -> dict[Table, list[str]]:
    """All tables, with their columns."""
    with psycopg.connect(all_schemas.admin_url) as connection:
        found = connection.execute(TABLES, [list(SCHEMAS)]).fetchall()
        return {table: [row[0] for row in connection.execute(COLUMNS, [".".join(table)])] for table in found}


def allowed_to(role: str, table: Table) -> set[str]:
    """What this role is to be allowed with this table."""
    schema, name = table
    if role == READER:
        return set() if schema == "portal" else {"SELECT"}
    if role == APPENDER:
        is_seen = schema == "portal" and name in (*said_of(schema, "CHAINED"), *said_of(schema, "ONLY_READ"))
        return ({"SELECT"} if is_seen else set()) | ({"INSERT"} if name == "chain_batches" else set())
    if not role.startswith(f"{schema}_"):
        return set()
    if name in (*said_of(schema, "ONLY_READ"), "alembic_version"):
        return {"SELECT"}
    if name in append_only(schema):
        return {"SELECT", "INSERT"}
    return {"SELECT", "INSERT", "UPDATE", "DELETE"}


def tried(session: psycopg.Connection, statement: str, table: Table, column: str) -> bool:
    """Whether the database lets this be done; it is undone."""
    names = {"table": sql.Identifier(*table), "column": sql.Identifier(column)}
    try:
        with session.transaction(force_rollback=True):
            session.execute(sql.SQL(statement).format(**names))  # type: ignore[arg-type]
    except psycopg.errors.InsufficientPrivilege:
        return False
    except (psycopg.errors.GeneratedAlways, psycopg.errors.ObjectNotInPrerequisiteState):
        return True  # it was let in, and failed for another reason
    return True


@pytest.mark.parametrize("role", [*SERVICE_ROLES, READER, APPENDER])
def test_a_role_may_do_with_each_table_what_it_is_to_do_and_nothing_else(
    all_schemas: Schemas, tables: dict[Table, list[str]], role: str
) -> None:
    wrong = []
    with psycopg.connect(all_schemas.url_of(role), autocommit=True) as session:
        for table, columns in tables.items():
            wanted = allowed_to(role, table)
            for name, statement in STATEMENTS.items():
                if table == ("portal", "evidence") and name == "INSERT":
                    continue  # by column: below
                if tried(session, statement, table, columns[0]) != (name in wanted):
                    wrong.append((*table, name))
    assert len(tables) > 100
    assert wrong == []


@pytest.mark.parametrize(
    ("service", "table"), [("payments", "items"), ("payments", "charges"), ("portal", "audit")]
)
def test_what_is_posted_is_changed_by_no_role_of_a_service(
    all_schemas: Schemas, service: str, table: str
) -> None:
    for role in (f"{service}_rpc", f"{service}_work"):
        with psycopg.connect(all_schemas.url_of(role), autocommit=True) as session:
            for statement in (STATEMENTS["UPDATE"], STATEMENTS["DELETE"], STATEMENTS["TRUNCATE"]):
                column = "item_id" if table == "items" else "charge_id" if table == "charges" else "action_id"
                assert not tried(session, statement, (service, table), column)


ADDED = "INSERT INTO portal.evidence (event_id, kind, kinds, objects, clients{more}) VALUES (gen_random_uuid(), 'read', '{{}}', '{{}}', '{{}}'{values})"


@pytest.fixture
def as_portal(all_schemas: Schemas) -> Iterator[psycopg.Connection]:
    with psycopg.connect(all_schemas.url_of("portal_rpc"), autocommit=True) as session:
        yield session


def test_evidence_is_added_at_the_time_that_the_database_says(as_portal: psycopg.Connection) -> None:
    as_portal.execute(ADDED.format(more="", values=""))  # type: ignore[arg-type]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_portal.execute(ADDED.format(more=", at", values=", now()"))  # type: ignore[arg-type]


def test_what_the_portal_adds_has_its_place_and_the_portal_gives_none(as_portal: psycopg.Connection) -> None:
    places = as_portal.execute("SELECT count(*) FROM portal.chain_places").fetchone()
    as_portal.execute(ADDED.format(more="", values=""))  # type: ignore[arg-type]
    now = as_portal.execute("SELECT count(*) FROM portal.chain_places").fetchone()
    assert places is not None
    assert now == (places[0] + 1,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_portal.execute(
            "INSERT INTO portal.chain_places (source, row_id) VALUES ('audit', gen_random_uuid())"
        )


def test_the_appender_changes_nothing_of_a_place_but_its_batch(all_schemas: Schemas) -> None:
    with psycopg.connect(all_schemas.url_of(APPENDER), autocommit=True) as session:
        session.execute("UPDATE portal.chain_places SET batch = batch, digest = digest WHERE false")
        for statement in (
            "UPDATE portal.chain_places SET row_id = row_id",
            "UPDATE portal.chain_places SET source = source",
            "UPDATE portal.chain_batches SET disposed_at = now()",
            "DELETE FROM portal.chain_batches",
            "SELECT 1 FROM portal.accounts",
            "SELECT 1 FROM payments.items",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)  # type: ignore[arg-type]
