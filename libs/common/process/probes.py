"""Health checks of what a process stands on: its database, and the folder of files. Each tries what is usually done.

A full disk and a locked table let a session in and answer `select 1` as ever. So the check of a database makes it
write to its disk, and looks for locks that keep everybody else from a table; that of the files writes one.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy
import sqlalchemy.exc
from sqlalchemy import Connection, text

from libs.common.files.objects import OBJECTS_VARIABLE, remove_object, write_object
from libs.common.process.database import PROBES, engine
from libs.common.process.troubles import FULL_DATABASE, trouble_of

Check = Callable[[], str | None]

LOOK_AGAIN_SECONDS: Final = 0.3
"""A lock that is still there after this is no moment's."""
WAITED_SECONDS: Final = 10
PROBED_BYTES: Final = 4096

# More than fits into the least memory: PostgreSQL writes it to a temporary file, and takes that away.
_WRITE: Final = text(
    "SELECT count(*) FROM (SELECT n FROM generate_series(1, 20000) AS n ORDER BY n DESC OFFSET 0) AS sorted"
)
_LOCKS: Final = text(
    "SELECT DISTINCT l.pid, c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND n.nspname = :schema AND c.relkind IN ('r', 'p') AND l.pid <> pg_backend_pid() AND ("
    " l.granted AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"
    " OR NOT l.granted AND l.waitstart < now() - make_interval(secs => :waited))"
)


def database_answers(url: str, schema: str | None = None) -> Check:
    """Does the database take a new session, write, and leave the schema's tables to everybody?"""
    probe = engine(url, schema, patience=PROBES, poolclass=sqlalchemy.NullPool, pool_pre_ping=False)

    def check() -> str | None:
        try:
            with probe.connect() as connection:
                connection.execute(text("SET work_mem = '64kB'"))
                connection.execute(_WRITE)
                locked = _locked(connection, schema) if schema else set()
        except sqlalchemy.exc.DBAPIError as error:
            trouble = trouble_of(error)
            if trouble and trouble.words == FULL_DATABASE:
                return trouble.words
            return f"the database can't be used ({type(error.orig).__name__})"
        tables = ", ".join(sorted({table for _, table in locked}))
        return f"somebody holds a lock on {tables}" if tables else None

    return check


def _locked(connection: Connection, schema: str) -> set[tuple[int, str]]:
    """Who holds a table (or has waited long for it), and which: as long as it is no moment's."""
    first = _look(connection, schema)
    if not first:
        return first
    connection.rollback()
    time.sleep(LOOK_AGAIN_SECONDS)
    return first & _look(connection, schema)


def _look(connection: Connection, schema: str) -> set[tuple[int, str]]:
    found: Any = connection.execute(_LOCKS, {"schema": schema, "waited": WAITED_SECONDS})
    return {(pid, table) for pid, table in found}


def files_can_be_kept() -> str | None:
    """A health check: can a file be written to the object store? Passed where this process has none, or another kind
    than a folder."""
    if not os.environ.get(OBJECTS_VARIABLE, "").startswith("file://"):
        return None
    key = f"probes/{uuid.uuid4()}"
    try:
        write_object(key, bytes(PROBED_BYTES))
        remove_object(key)
    except Exception as error:  # whatever it is, no upload would be kept
        trouble = trouble_of(error)
        return str(error) if trouble else f"files can't be kept ({type(error).__name__})"
    return None
