"""Engines and sessions for one service's schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy
import sqlalchemy.exc
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from libs.common.process.given import PASSWORD_FILE, parameters_of, password_of, patiently, without_parameters

Sessions = sessionmaker[Session]

CONNECTION_TROUBLE = (
    sqlalchemy.exc.TimeoutError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
)
"""What says that the database can't be used just now: the same may be asked again."""
POOL_TIMEOUT_SECONDS = 3.0
CONNECT_TIMEOUT_SECONDS = 3


def psycopg_url(url: str) -> str:
    """The same address with the driver said: SQLAlchemy's own reading of `postgresql://` differs by version."""
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    return scheme + separator + rest


def libpq_url(url: str) -> str:
    """The same address for psycopg itself, without SQLAlchemy's name of the driver."""
    scheme, separator, rest = url.partition("://")
    return scheme.partition("+")[0] + separator + rest


def connect_arguments(schema: str | None) -> dict[str, Any]:
    """Keyword arguments of psycopg.connect for a session of this schema (of none in particular when None)."""
    arguments: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT_SECONDS}
    if schema is not None:
        arguments["options"] = f"-c search_path={schema}"
    return arguments


def engine(url: str, schema: str | None, pool_size: int = 5, **options: Any) -> Engine:
    """An engine whose connections look into `schema` alone (all of the database's own path when None).

    pool_size: the most sessions this process holds; there is no overflow, so that ten processes can't use up
    PostgreSQL's connections. options: passed to sqlalchemy.create_engine.
    """
    connect_args = connect_arguments(schema)
    own = without_parameters(url, PASSWORD_FILE) if PASSWORD_FILE in parameters_of(url) else url
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": POOL_TIMEOUT_SECONDS}
    if "poolclass" in options:
        pool = {}
    made = sqlalchemy.create_engine(
        psycopg_url(own),
        **{"pool_pre_ping": True, "hide_parameters": True, "connect_args": connect_args, **pool, **options},
    )
    if own != url:
        sqlalchemy.event.listen(made, "do_connect", _reading_password(url))
    return made


def _reading_password(url: str) -> Callable[..., Any]:
    """Connects with the password that the address's file holds at that moment."""

    def connect(dialect: Any, _record: Any, arguments: Any, named: dict[str, Any]) -> Any:
        def again() -> Any:
            return dialect.connect(*arguments, **(named | {"password": password_of(url)}))

        return patiently(again, is_refusal)

    return connect


def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    """psycopg's own connection, with the password that the address's file holds now."""
    own = libpq_url(without_parameters(url, PASSWORD_FILE) if PASSWORD_FILE in parameters_of(url) else url)
    if PASSWORD_FILE not in parameters_of(url):
        return psycopg.connect(own, **options)
    return patiently(lambda: psycopg.connect(own, **(options | {"password": password_of(url)})), is_refusal)


def is_refusal(error: Exception) -> bool:
    """Whether PostgreSQL has refused the password."""
    return isinstance(error, psycopg.OperationalError) and "authentication failed" in str(error)


def sessions(bind: Engine, schema: str | None = None) -> Sessions:
    """Makes sessions of this engine; what was read stays readable after the commit."""
    return sessionmaker(bind, expire_on_commit=False)


@contextmanager
def transaction(make: Sessions, caller: Mapping[str, Any]) -> Iterator[Session]:
    """A session in one transaction that sees the rows this caller may see: committed at the end of the block.

    caller: {"who", "role", "organisation", "staff"?}. Row-level security reads the settings made here; they end
    with the transaction.
    """
    with make.begin() as session:
        session.execute(
            text(
                "select set_config('app.organisation', :organisation, true), set_config('app.role', :role, true),"
                " set_config('app.staff', :staff, true)"
            ),
            {name: str(caller.get(name) or "") for name in ("organisation", "role", "staff")},
        )
        yield session


def answers(url: str) -> Callable[[], str | None]:
    """A health check: does the database take a new session and answer?"""
    probe = engine(url, None, poolclass=sqlalchemy.NullPool, pool_pre_ping=False)

    def check() -> str | None:
        try:
            with probe.connect() as connection:
                connection.execute(text("select 1"))
        except sqlalchemy.exc.DBAPIError as error:
            return f"the database can't be used ({type(error.orig).__name__})"
        return None

    return check
