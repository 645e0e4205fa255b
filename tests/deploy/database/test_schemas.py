"""The models of a service (`schema/tables.py`) and its migrations say the same."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType

import psycopg
import pytest
import sqlalchemy as sa

from deploy.dev.derived import derived_from
from deploy.ops.bootstrap import bootstrap
from deploy.ops.migrate import MadeByOthers
from deploy.ops.roles import SCHEMAS

PASSWORDS = derived_from("a secret of tests")
# What a schema is made of, without its views, by name; alembic's own table is no part of it.
PIECES = """
    WITH tables AS (
        SELECT oid, relname FROM pg_class
        WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    )
    SELECT 'column ' || t.relname || '.' || a.attname,
        concat_ws(', ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
            'default ' || pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''),
            'collation ' || c.collname, 'storage ' || a.attstorage::text, col_description(t.oid, a.attnum))
    FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    UNION ALL
    SELECT 'constraint ' || t.relname || '.' || conname, pg_get_constraintdef(k.oid)
    FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
    UNION ALL
    SELECT 'index of ' || t.relname, pg_get_indexdef(indexrelid) FROM tables t JOIN pg_index i ON i.indrelid = t.oid
    UNION ALL
    SELECT 'sequence', relname FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'S'
"""
POLICIES = "SELECT polname, relname FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE relnamespace = %s::regnamespace"
IN_FORCE = """
    SELECT relname FROM pg_class
    WHERE relnamespace = %s::regnamespace AND relrowsecurity AND relforcerowsecurity
"""


@pytest.fixture(scope="module")
def migrated(database: Callable[[], str]) -> str:
    """The URL of a database that the migrations made."""
    url = database()
    bootstrap(url, PASSWORDS)
    return url


@pytest.fixture(scope="module")
def declared(database: Callable[[], str]) -> str:
    """The URL of a database that the models made."""
    url = database()
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=sa.NullPool)
    for schema in SCHEMAS:
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(schema))
            models_of(schema).metadata.create_all(connection)
    return url


def models_of(schema: str) -> ModuleType:
    return importlib.import_module(f"services.{schema}.schema.tables")


def read_rows(url: str, statement: str, values: object) -> set[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return set(connection.execute(statement, values).fetchall())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_models_and_migrations_say_the_same(migrated: str, declared: str, schema: str) -> None:
    values = {"schema": schema}
    assert read_rows(migrated, PIECES, values) == read_rows(declared, PIECES, values)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_models_name_the_tables_whose_rows_are_hidden_from_others(migrated: str, schema: str) -> None:
    models = models_of(schema)
    seen_by = ("organisation", "council", "commissioning", "addressee")
    hidden = {(who, table) for who in seen_by for table in getattr(models, f"ROWS_OF_{who.upper()}", ())}
    assert read_rows(migrated, POLICIES, [schema]) == hidden
    assert read_rows(migrated, IN_FORCE, [schema]) == {(table,) for _, table in hidden}


def test_a_schema_at_a_migration_that_nobody_knows_is_refused(database: Callable[[], str]) -> None:
    url = database()
    bootstrap(url, PASSWORDS)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE matching.alembic_version SET version_num = '0017'")
    with pytest.raises(MadeByOthers, match="the schema matching: this one does not know its migration 0017"):
        bootstrap(url, PASSWORDS)
