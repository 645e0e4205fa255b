"""Queries of the chain, on a connection of its own: the appender's, or that of whoever verifies."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql

from libs.common.process.database import connect, connect_arguments
from services.portal.evidence.rules import BEGINNING, Batch
from services.portal.schema.tables import CHAINED

Connection = psycopg.Connection[tuple[Any, ...]]
LOCK: Final = 4_205_317_016
"""One appender at a time: any number, the same for all of them."""
WAIT: Final = "-c lock_timeout=5s -c statement_timeout=60s -c timezone=UTC"

# A row as text: the same however its table is widened later by columns that may be null.
_ROWS: Final = " ".join(
    f"WHEN '{table}' THEN (SELECT jsonb_strip_nulls(to_jsonb(t))::text FROM {table} t WHERE t.{key} = c.row_id)"
    for table, key in CHAINED.items()
)
WAITING: Final = (
    f"SELECT c.place, c.source, c.row_id, CASE c.source {_ROWS} END FROM chain_places c"
    " WHERE c.batch IS NULL ORDER BY c.place LIMIT %s"
)
CHAINED_ROWS: Final = (
    f"SELECT c.batch, c.place, c.source, c.row_id, c.digest, CASE c.source {_ROWS} END FROM chain_places c"
    " WHERE c.batch >= %s ORDER BY c.batch, c.place"
)
BATCHES: Final = (
    "SELECT number, first_place, last_place, count, made_at, rows_hash, before, hash, disposed_at"
    " FROM chain_batches WHERE number >= %s ORDER BY number"
)


class Waiting(NamedTuple):
    """A row that is not chained yet; ``row`` is its text, None when it is gone."""

    place: int
    source: str
    row_id: uuid.UUID
    row: str | None


class Chained(NamedTuple):
    """A row of a batch, as it was chained and as it is."""

    batch: int
    place: int
    source: str
    row_id: uuid.UUID
    digest: bytes
    row: str | None


class Kept(NamedTuple):
    """A batch as it is kept."""

    batch: Batch
    hash: bytes
    disposed_at: dt.datetime | None


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection into the portal's schema, whose times are UTC. Raises psycopg.OperationalError."""
    arguments = connect_arguments("portal")
    options = f"{arguments.pop('options')} {WAIT}"
    with connect(url, autocommit=True, options=options, **arguments) as connection:
        yield connection


def is_alone(connection: Connection) -> bool:
    """Whether this transaction alone chains now."""
    found = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (LOCK,)).fetchone()
    return found == (True,)


def waiting(connection: Connection, most: int) -> list[Waiting]:
    """The next rows to be chained, in the order of their places."""
    return [Waiting(*row) for row in connection.execute(WAITING, (most,))]


def last_batch(connection: Connection) -> tuple[int, bytes]:
    """Its number and hash; zero and the beginning where there is none."""
    found = connection.execute(
        "SELECT number, hash FROM chain_batches ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return (found[0], bytes(found[1])) if found else (0, BEGINNING)


def now_of(connection: Connection) -> dt.datetime:
    """The database's clock."""
    (found,) = connection.execute("SELECT clock_timestamp()")
    now: dt.datetime = found[0]
    return now


def keep(connection: Connection, batch: Batch, own: bytes, digests: dict[int, bytes]) -> None:
    """Keep a batch with its hash, and of each of its places (by number) the digest."""
    connection.execute(
        "INSERT INTO chain_batches (number, first_place, last_place, count, made_at, rows_hash, before, hash)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (*vars(batch).values(), own),
    )
    connection.execute(
        "UPDATE chain_places c SET batch = %s, digest = new.digest"
        " FROM unnest(%s::bigint[], %s::bytea[]) AS new (place, digest) WHERE c.place = new.place",
        (batch.number, [*digests], [*digests.values()]),
    )


def oldest_waiting_seconds(connection: Connection) -> float:
    """How long evidence has waited to be chained; 0 when none does."""
    found = connection.execute(
        "SELECT extract(epoch FROM clock_timestamp() - min(e.at)) FROM chain_places c"
        " JOIN evidence e ON e.event_id = c.row_id WHERE c.batch IS NULL AND c.source = 'evidence'"
    ).fetchone()
    return float(found[0]) if found and found[0] is not None else 0.0


def batches(connection: Connection, first: int) -> Iterator[Kept]:
    """The batches from this number on, in order."""
    with connection.cursor("batches") as cursor:
        cursor.execute(BATCHES, (first,))
        for number, first_place, last_place, count, made_at, rows_hash, before, own, over in cursor:
            batch = Batch(number, first_place, last_place, count, made_at, bytes(rows_hash), bytes(before))
            yield Kept(batch, bytes(own), over)


def chained(connection: Connection, first: int) -> Iterator[Chained]:
    """The rows of the batches from this number on, in order."""
    with connection.cursor("chained") as cursor:
        cursor.itersize = 5000
        cursor.execute(CHAINED_ROWS, (first,))
        for batch, place, source, row_id, digest, row in cursor:
            yield Chained(batch, place, source, row_id, bytes(digest or b""), row)


def added(connection: Connection) -> tuple[str, uuid.UUID] | None:
    """A row that has no place in the chain: its table and key; None where there is none."""
    for table, key in CHAINED.items():
        query = sql.SQL(
            "SELECT t.{key} FROM {table} t WHERE NOT EXISTS"
            " (SELECT 1 FROM chain_places c WHERE c.source = {source} AND c.row_id = t.{key}) LIMIT 1"
        ).format(key=sql.Identifier(key), table=sql.Identifier(table), source=sql.Literal(table))
        if found := connection.execute(query).fetchone():
            return table, found[0]
    return None


def is_anchored(connection: Connection, own: bytes) -> bool:
    """Whether a batch has this hash."""
    return connection.execute("SELECT 1 FROM chain_batches WHERE hash = %s", (own,)).fetchone() is not None


def last_to_dispose(connection: Connection, until: dt.datetime) -> int | None:
    """The last batch such that it, and all before, were chained before this moment."""
    found = connection.execute(
        "SELECT max(number) FROM chain_batches WHERE made_at < %s", (until,)
    ).fetchone()
    return found[0] if found else None


def dispose(connection: Connection, last: int) -> int:
    """Delete the evidence of the batches up to this one, and say so; how many rows. As the schema's owner."""
    done = connection.execute(
        "DELETE FROM evidence e USING chain_places c WHERE c.source = 'evidence' AND c.row_id = e.event_id"
        " AND c.batch <= %s",
        (last,),
    )
    connection.execute(
        "UPDATE chain_batches SET disposed_at = clock_timestamp() WHERE number <= %s AND disposed_at IS NULL",
        (last,),
    )
    return done.rowcount
