"""Engines and sessions for one service's schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import psycopg
import sqlalchemy
import sqlalchemy.exc
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from libs.common.process.given import PASSWORD_FILE, parameters_of, password_of, patiently, without_parameters

Sessions = sessionmaker[Session]
Connected = TypeVar("Connected", bound="psycopg.Connection[Any]")

CONNECTION_TROUBLE = (
    sqlalchemy.exc.TimeoutError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
)
"""What says that the database can't be used just now: the same may be asked again."""
POOL_TIMEOUT_SECONDS = 3.0
CONNECT_TIMEOUT_SECONDS = 3
ALIVE: Final[dict[str, Any]] = {
    "connect_timeout": CONNECT_TIMEOUT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""For psycopg.connect: a server whose machine vanished without a word is noticed within half a minute."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long PostgreSQL lets a session wait for a lock, run one statement, and hold a transaction while it asks
    nothing. Seconds."""

    lock: float
    statement: float
    idle: float
    answer: float | None = None
    """After so long a server that says nothing at all is given up: one that is frozen ends no statement itself."""

    def settings(self) -> dict[str, str]:
        """PostgreSQL's settings, in its milliseconds."""
        return {
            "lock_timeout": _milliseconds(self.lock),
            "statement_timeout": _milliseconds(self.statement),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle),
        }


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))


# Who asks by RPC gives up after 3.5 to 5 seconds, so what is locked is said before that. A statement may be an honest
# change that goes on when nobody waits any more: who asks again finds it done.
ANSWERS: Final = Patience(lock=2, statement=20, idle=60)
LONG_ANSWERS: Final = Patience(lock=2, statement=300, idle=300)
"""Of methods that are declared to take long: periods are finalised, providers ranked, all is said again."""
PAGES: Final = Patience(lock=1.5, statement=8, idle=30, answer=9)
"""The portal's own database: a page asks it several times."""
WORK: Final = Patience(lock=20, statement=900, idle=900)
"""A message may be 55,000 rows. One that waited too long for a lock is tried again, for as long as it takes."""
TIDYING: Final = Patience(lock=3, statement=300, idle=60)
"""Housekeeping and what is done in the background: its turn comes again."""
RELAYING: Final = Patience(lock=5, statement=60, idle=60)
MIGRATING: Final = Patience(lock=2, statement=3600, idle=300)
"""Whoever queues behind a migration that waits for its lock waits no longer than this; then the migration stands back."""
COMMANDS: Final = Patience(lock=3, statement=10, idle=60)
"""Commands that reach a database themselves."""
RECONCILING: Final = Patience(lock=5, statement=3600, idle=3600)
"""It works everything out again, in one transaction."""
PROBES: Final = Patience(lock=0.5, statement=2, idle=5)


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


def connect_arguments(schema: str | None, patience: Patience = WORK) -> dict[str, Any]:
    """Keyword arguments of psycopg.connect for a session of this schema (of none in particular when None)."""
    settings = patience.settings() | ({} if schema is None else {"search_path": schema})
    return {**ALIVE, "options": " ".join(f"-c {name}={value}" for name, value in settings.items())}


def engine(
    url: str, schema: str | None, pool_size: int = 5, patience: Patience = WORK, **options: Any
) -> Engine:
    """An engine whose connections look into `schema` alone (all of the database's own path when None).

    pool_size: the most sessions this process holds; there is no overflow, so that ten processes can't use up
    PostgreSQL's connections. options: passed to sqlalchemy.create_engine.
    """
    connect_args = connect_arguments(schema, patience)
    if patience.answer is not None:
        options = {"creator": partial(_connect_bounded, url, patience.answer, connect_args), **options}
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
    return _connect(psycopg.Connection, url, options)


def _connect(kind: type[Connected], url: str, options: Mapping[str, Any]) -> Connected:
    if PASSWORD_FILE not in parameters_of(url):
        return kind.connect(libpq_url(url), **options)
    own = libpq_url(without_parameters(url, PASSWORD_FILE))
    return patiently(lambda: kind.connect(own, **{**options, "password": password_of(url)}), is_refusal)


def is_refusal(error: Exception) -> bool:
    """Whether PostgreSQL has refused the password."""
    return isinstance(error, psycopg.OperationalError) and "authentication failed" in str(error)


class _Bounded(psycopg.Connection[Any]):
    """A connection that is given up when the server has said nothing for so many seconds."""

    answer_seconds = 0.0

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.answer_seconds or None)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()  # it would wait for the same server again to roll back
            raise psycopg.OperationalError(
                f"the database said nothing for {self.answer_seconds:g} s"
            ) from error


def _connect_bounded(url: str, seconds: float, arguments: Mapping[str, Any]) -> _Bounded:
    connection = _connect(_Bounded, url, arguments)
    connection.answer_seconds = seconds
    return connection


def sessions(bind: Engine, schema: str | None = None) -> Sessions:
    """Makes sessions of this engine; what was read stays readable after the commit."""
    return sessionmaker(bind, expire_on_commit=False)


@contextmanager
def transaction(
    make: Sessions, caller: Mapping[str, Any], patience: Patience | None = None
) -> Iterator[Session]:
    """A session in one transaction that sees the rows this caller may see: committed at the end of the block.

    caller: {"who", "role", "organisation", "staff"?}. Row-level security reads the settings made here; they end
    with the transaction. patience: another than the session's own.
    """
    with make.begin() as session:
        session.execute(
            text(
                "select set_config('app.organisation', :organisation, true), set_config('app.role', :role, true),"
                " set_config('app.staff', :staff, true)"
            ),
            {name: str(caller.get(name) or "") for name in ("organisation", "role", "staff")},
        )
        if patience is not None:
            be_patient(session, patience)
        yield session


def be_patient(session: Session, patience: Patience) -> None:
    """Let this transaction wait so long, and no other."""
    for name, value in patience.settings().items():
        session.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})
