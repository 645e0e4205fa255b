"""Database, schemas, roles, migrations and grants of a stack. Safe to run again, and at the same time."""

from __future__ import annotations

import importlib
import importlib.util
import random
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

import psycopg
from psycopg import errors, sql

from deploy.ops.migrate import Locked, MadeByOthers, migrate
from deploy.ops.roles import APPENDER, READER, SCHEMAS, Passwords, full_name, role_names
from deploy.secrets.folder import passwords_given
from libs.common.errors import ConfigError
from libs.common.process.database import MIGRATING, connect_arguments, libpq_url
from libs.common.process.given import given_url, with_password
from libs.common.process.strictness import require_database

# Passwords' hashes and sealed codes are no part of the books that the reader proves.
NOT_FOR_THE_READER = ("portal",)
LOCK = 4_205_317_001  # any number, the same for all who bootstrap
# Roles belong to the whole cluster, advisory locks to one database: another database's stack may
# write the same role at the same moment.
CLASHES = (
    errors.DuplicateObject,
    errors.UniqueViolation,
    errors.DuplicateDatabase,
    errors.InternalError_,
    errors.LockNotAvailable,
)
OTHERS_SECONDS = 600
"""How long one waits for another that prepares the same database."""

Connection = psycopg.Connection[tuple[object, ...]]


def main() -> None:
    """`migrate`, from DATABASE_ADMIN_URL, CARETALLY_SECRETS and CARETALLY_PREFIX. Waits for the database."""
    given = given_url("DATABASE_ADMIN_URL")
    if not given:
        raise ConfigError(
            "DATABASE_ADMIN_URL is not set: give the address of PostgreSQL for its administrator."
        )
    require_database("DATABASE_ADMIN_URL", given)
    admin_url, passwords = libpq_url(with_password(given)), passwords_given()
    try:
        bootstrap(admin_url, passwords)
    except psycopg.OperationalError as error:
        print(f"The database does not let us in: {str(error).splitlines()[0]}", file=sys.stderr)
        raise SystemExit(1) from None
    except (Locked, MadeByOthers) as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    print("The database is up to date.")


def bootstrap(
    admin_url: str, passwords: Passwords, prefix: str | None = None, wait_seconds: float = 60
) -> None:
    """Make everything that is missing in the database that the URL (postgresql://…) names, and set all passwords.

    The URL's user is a superuser, or may make roles with BYPASSRLS and owns the database.
    Raises psycopg.OperationalError when the database can't be reached in time, MadeByOthers, and Locked.
    """
    with _open(admin_url, wait_seconds) as admin:
        _wait_for_others(admin)
        _make_roles(admin, passwords, prefix)
        for schema in SCHEMAS:
            _make_schema(admin, schema, prefix)
        for schema in SCHEMAS:
            migrate(schema, admin_url, full_name(f"{schema}_owner", prefix))
        for schema in SCHEMAS:
            _again_when_clashing(partial(_grant, admin, schema, prefix))


def _wait_for_others(admin: Connection) -> None:
    """One at a time. Raises Locked."""
    until = time.monotonic() + OTHERS_SECONDS
    while admin.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() != (True,):
        if time.monotonic() > until:
            raise Locked("Somebody else has been preparing the same database all the time: run this again.")
        time.sleep(0.2)


def _open(admin_url: str, wait_seconds: float) -> Connection:
    """A connection to the database, which is made when it does not exist."""
    until = time.monotonic() + wait_seconds
    while True:
        try:
            return psycopg.connect(admin_url, autocommit=True, **connect_arguments(None, MIGRATING))
        except psycopg.OperationalError as error:
            if f'database "{_database(admin_url)}" does not exist' in str(error):
                _again_when_clashing(lambda: _make_database(admin_url))
            elif time.monotonic() > until or "password authentication failed" in str(error):
                raise
            else:
                time.sleep(0.5)


def _database(admin_url: str) -> str:
    return urlsplit(admin_url).path.lstrip("/")


def _make_database(admin_url: str) -> None:
    maintenance = urlsplit(admin_url)._replace(path="/postgres").geturl()
    with psycopg.connect(maintenance, autocommit=True, **connect_arguments(None, MIGRATING)) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_database(admin_url),))
        if known.fetchone() is None:
            name = sql.Identifier(_database(admin_url))
            connection.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(name))


def _make_roles(admin: Connection, passwords: Passwords, prefix: str | None) -> None:
    for role in role_names():
        bypass = role == READER or role.endswith("_work")
        password = "" if role.endswith("_owner") else passwords(role)
        name = full_name(role, prefix)
        _again_when_clashing(partial(_make_role, admin, name, password, bypass))


def _make_role(admin: Connection, name: str, password: str, bypass: bool) -> None:
    """One without a password signs in nowhere."""
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    statement = sql.SQL("{} ROLE {} {} {} PASSWORD {}").format(
        sql.SQL("ALTER" if known else "CREATE"),
        sql.Identifier(name),
        sql.SQL("LOGIN" if password else "NOLOGIN"),
        sql.SQL("BYPASSRLS" if bypass else "NOBYPASSRLS"),
        sql.Literal(hashed_password(admin, name, password)) if password else sql.SQL("NULL"),
    )
    admin.execute(statement)


def hashed_password(admin: Connection, name: str, password: str) -> str:
    """As the server keeps it, worked out here: the password itself stands in no statement, and so in no log."""
    return admin.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()


def _make_schema(admin: Connection, schema: str, prefix: str | None) -> None:
    roles = _roles(schema, prefix)
    if admin.info.parameter_status("is_superuser") != "on":
        _run(admin, "GRANT {owner} TO CURRENT_USER", roles)  # else it could not give the schema away
    _run(admin, "CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner}", roles)
    _run(admin, "GRANT CONNECT ON DATABASE {database} TO {appender}", roles)
    _run(admin, "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {owner}, {rpc}, {work}, {reader}", roles)


def _grant(admin: Connection, schema: str, prefix: str | None) -> None:
    """rpc and work change rows, the reader reads all but the portal's; what is append-only both can add to alone."""
    roles = _roles(schema, prefix)
    future = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT "
    with admin.transaction():  # nobody sees a table between two grants
        _run(admin, "GRANT USAGE ON SCHEMA {schema} TO {rpc}, {work}", roles)
        rights_to_grant = [
            ("SELECT, INSERT, UPDATE, DELETE ON {tables} TO {rpc}, {work}", "TABLES"),
            ("USAGE, SELECT ON {tables} TO {rpc}, {work}", "SEQUENCES"),
        ]
        if schema not in NOT_FOR_THE_READER:
            _run(admin, "GRANT USAGE ON SCHEMA {schema} TO {reader}", roles)
            rights_to_grant += [("SELECT ON {tables} TO {reader}", kind) for kind in ("TABLES", "SEQUENCES")]
        for rights, everything in rights_to_grant:
            _run(
                admin, "GRANT " + rights.replace("{tables}", f"ALL {everything} IN SCHEMA {{schema}}"), roles
            )
            _run(admin, future + rights.replace("{tables}", everything), roles)
        for table in append_only(schema):
            taken = "REVOKE UPDATE, DELETE ON {schema}.{table} FROM {rpc}, {work}"
            _run(admin, taken, {**roles, "table": _name(table)})
        only_read = said_of(schema, "ONLY_READ")
        if _has_table(admin, schema, "alembic_version"):
            only_read = (*only_read, "alembic_version")
        for table in only_read:
            taken = "REVOKE INSERT, UPDATE, DELETE ON {schema}.{table} FROM {rpc}, {work}"
            _run(admin, taken, {**roles, "table": _name(table)})
        if schema == "portal":
            _grant_evidence(admin, roles)


def _grant_evidence(admin: Connection, roles: dict[str, sql.Identifier]) -> None:
    """Who adds gives no times; who chains reads what is chained and writes the chain, and nothing else."""
    models = importlib.import_module("services.portal.schema.tables")
    for table, by_database in models.DATABASE_SAYS.items():
        columns = [one.name for one in models.metadata.tables[f"portal.{table}"].columns]
        given = [_name(column) for column in columns if column not in by_database]
        names = {**roles, "table": _name(table), "columns": sql.SQL(", ").join(given)}
        _run(admin, "REVOKE INSERT ON {schema}.{table} FROM {rpc}, {work}", names)
        _run(admin, "GRANT INSERT ({columns}) ON {schema}.{table} TO {rpc}, {work}", names)
    _run(admin, "GRANT USAGE ON SCHEMA {schema} TO {appender}", roles)
    for table in (*models.CHAINED, *models.ONLY_READ):
        _run(admin, "GRANT SELECT ON {schema}.{table} TO {appender}", {**roles, "table": _name(table)})
    _run(admin, "GRANT INSERT ON {schema}.chain_batches TO {appender}", roles)
    _run(admin, "GRANT UPDATE (batch, digest) ON {schema}.chain_places TO {appender}", roles)


def append_only(schema: str) -> tuple[str, ...]:
    """The tables that the service's models call append-only."""
    return said_of(schema, "APPEND_ONLY")


def said_of(schema: str, name: str) -> tuple[str, ...]:
    """What the service's models say of their tables under this name; nothing when there are no models yet."""
    if importlib.util.find_spec(f"services.{schema}.schema.tables") is None:
        return ()
    models = importlib.import_module(f"services.{schema}.schema.tables")
    return tuple(getattr(models, name, ()))


def _roles(schema: str, prefix: str | None) -> dict[str, sql.Identifier]:
    names = {kind: _name(full_name(f"{schema}_{kind}", prefix)) for kind in ("owner", "rpc", "work")}
    others = {"reader": READER, "appender": APPENDER}
    names |= {name: _name(full_name(role, prefix)) for name, role in others.items()}
    return {"schema": _name(schema), **names}


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _has_table(admin: Connection, schema: str, table: str) -> bool:
    found = admin.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{schema}.{table}",)).fetchone()
    return found == (True,)


def _run(admin: Connection, statement: str, names: Mapping[str, sql.Composable]) -> None:
    names = {**names, "database": _name(admin.info.dbname)}
    admin.execute(sql.SQL(statement).format(**names))  # type: ignore[arg-type]


def _again_when_clashing(do: Callable[[], None], times: int = 50) -> None:
    for _ in range(times - 1):
        try:
            return do()
        except CLASHES:
            time.sleep(random.uniform(0.01, 0.1))
    do()
