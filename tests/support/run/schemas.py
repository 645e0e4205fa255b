"""Databases with all schemas: made once for each worker and copied, which takes a tenth of the time of migrating."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from deploy.dev.derived import derived_from
from deploy.ops.bootstrap import bootstrap
from deploy.ops.roles import SCHEMAS, role_url

PASSWORDS = derived_from("a secret of the tests")
SERVICES = tuple(schema for schema in SCHEMAS if schema != "portal")
LOCK_SECONDS = 20
TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) AND tablename <> 'alembic_version'"

Table = tuple[str, str]
"""Schema and name."""


@dataclass(frozen=True)
class Schemas:
    """A database with all schemas. At first it holds the council's default lists and nothing else."""

    admin_url: str
    prefix: str
    """of its roles' names: the cluster has others"""
    first_rows: Mapping[Table, bytes]

    def url_of(self, role: str) -> str:
        """The URL of a role."""
        return role_url(self.admin_url, role, PASSWORDS, self.prefix)

    def empty(self, schemas: Iterable[str] = SCHEMAS) -> None:
        """Let these schemas hold what they held at first. Nobody may be at work on them."""
        chosen = [
            (sql.Identifier(*table), rows) for table, rows in self.first_rows.items() if table[0] in schemas
        ]
        with psycopg.connect(self.admin_url) as connection:
            connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            connection.execute("SET LOCAL session_replication_role = 'replica'")  # foreign keys mind no order
            connection.execute(
                sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(table) for table, _ in chosen)
            )
            for table, rows in chosen:
                if rows:
                    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                        copy.write(rows)


@pytest.fixture(scope="session")
def schemas(database: Callable[..., str]) -> Callable[[], Schemas]:
    """Call it for a fresh database with all schemas."""
    migrated = database()
    prefix = f"t{hashlib.sha256(migrated.encode()).hexdigest()[:12]}_"
    bootstrap(migrated, PASSWORDS, prefix)
    with psycopg.connect(migrated) as connection:
        tables = connection.execute(TABLES, [list(SCHEMAS)]).fetchall()
        rows = {table: _rows_of(connection, table) for table in sorted(tables)}
    return lambda: Schemas(database(migrated), prefix, rows)


def _rows_of(connection: psycopg.Connection, table: Table) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(*table))) as copy:
        return b"".join(copy)
