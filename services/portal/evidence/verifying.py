"""Verifying the chain: everything is worked out again from the rows, and the first batch that differs is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from services.portal.evidence import rules, store
from services.portal.evidence.store import Chained, Connection, Kept

KEPT_DAYS: Final = 730
"""So long evidence stays at least; the audit trail stays for good."""
DISPOSABLE: Final = "evidence"
"""The table whose rows end; of theirs the digests stay."""


class Broken(Exception):
    """The chain does not hold; str() is the sentence to show."""


@dataclass
class Verified:
    """What was found to hold."""

    batches: int = 0
    rows: int = 0
    disposed: int = 0
    """rows whose digests alone are left, as retention says"""


def verify(connection: Connection, first: int = 1, anchor: bytes | None = None) -> Verified:
    """Work out all batches from this number on, as they are at this moment. Raises Broken with the first that differs.

    anchor: a hash that was kept elsewhere; the chain must have it.
    """
    found = Verified()
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL statement_timeout = 0")
        if anchor is not None and not store.is_anchored(connection, anchor):
            raise Broken(
                f"The chain has no batch with the hash {anchor.hex()}: it was made anew, or cut, since that was noted."
            )
        before, now = _hash_before(connection, first), store.now_of(connection)
        groups = _groups(store.chained(connection, first))
        ahead = next(groups, None)
        for number, kept in enumerate(store.batches(connection, first), start=first):
            _check_link(kept, number, before)
            if ahead is None or ahead[0] != number:
                raise Broken(f"Batch {number}: all its {kept.batch.count:,} rows are missing from the chain.")
            _check_rows(kept, ahead[1], now, found)
            before, ahead = kept.hash, next(groups, None)
            found.batches += 1
        if ahead is not None:
            raise Broken(f"Batch {ahead[0]} is missing: rows say that they are in it.")
        if more := store.added(connection):
            raise Broken(f"A row was added to {more[0]} that has no place in the chain: {more[1]}.")
    return found


def _groups(rows: Iterator[Chained]) -> Iterator[tuple[int, list[Chained]]]:
    for number, group in groupby(rows, key=lambda row: row.batch):
        yield number, [*group]


def _hash_before(connection: Connection, first: int) -> bytes:
    if first == 1:
        return rules.BEGINNING
    found = next(iter(store.batches(connection, first - 1)), None)
    if found is None or found.batch.number != first - 1:
        raise Broken(f"Batch {first - 1} is missing.")
    return found.hash


def _check_link(kept: Kept, number: int, before: bytes) -> None:
    """That it is the next one, and its hash what it says."""
    if kept.batch.number != number:
        raise Broken(f"Batch {number} is missing.")
    if kept.batch.before != before:
        raise Broken(f"Batch {number} does not follow the batch before it: one of them was changed.")
    if rules.hash_of(kept.batch) != kept.hash:
        raise Broken(f"Batch {number} was changed: its hash is not that of what it says.")


def _check_rows(kept: Kept, rows: list[Chained], now: dt.datetime, found: Verified) -> None:
    batch, over = kept.batch, kept.disposed_at
    if over is not None and not batch.made_at + dt.timedelta(days=KEPT_DAYS) <= over <= now:
        raise Broken(f"Batch {batch.number} says that its rows were disposed of before their time.")
    for row in rows:
        _check_row(kept, row, found)
    if len(rows) != batch.count:
        what = "missing from" if len(rows) < batch.count else "added to"
        raise Broken(f"Batch {batch.number}: {abs(batch.count - len(rows)):,} rows are {what} the chain.")
    if rules.rows_hash_of(row.digest for row in rows) != batch.rows_hash:
        raise Broken(f"Batch {batch.number}: the digest of a row was changed.")
    found.rows += len(rows)


def _check_row(kept: Kept, row: Chained, found: Verified) -> None:
    named = f"Batch {row.batch}: the row {row.row_id} of {row.source}"
    if row.row is None:
        if kept.disposed_at is None or row.source != DISPOSABLE:
            raise Broken(f"{named} is missing.")
        found.disposed += 1
    elif rules.digest_of(row.place, row.source, row.row_id, row.row) != row.digest:
        raise Broken(f"{named} was changed.")
