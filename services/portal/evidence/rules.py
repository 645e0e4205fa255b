"""The chain of hashes: what a row's digest and a batch's hash are made of. Whoever has the rows can work both out."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Final

FORM: Final = "caretally-chain-1"
"""Of what is hashed: another form has another name."""
BEGINNING: Final = bytes(32)
"""The hash before the first batch."""
GONE: Final = bytes(32)
"""The digest of a row that is not there."""


@dataclass(frozen=True)
class Batch:
    """A batch without its hash. ``rows_hash``: over the digests of its rows, in the order of their places."""

    number: int
    first_place: int
    last_place: int
    count: int
    made_at: dt.datetime
    rows_hash: bytes
    before: bytes


def digest_of(place: int, source: str, row_id: uuid.UUID, row: str | None) -> bytes:
    """SHA-256 of a row at its place. row: its columns but those that are null, as PostgreSQL writes jsonb."""
    if row is None:
        return GONE
    return hashlib.sha256(f"{place}|{source}|{row_id}|{row}".encode()).digest()


def rows_hash_of(digests: Iterable[bytes]) -> bytes:
    """SHA-256 of the digests of a batch's rows."""
    return hashlib.sha256(b"".join(digests)).digest()


def hash_of(batch: Batch) -> bytes:
    """SHA-256 of all that a batch says, and of the hash before it."""
    parts = (
        FORM,
        str(batch.number),
        str(batch.first_place),
        str(batch.last_place),
        str(batch.count),
        batch.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
        batch.rows_hash.hex(),
        batch.before.hex(),
    )
    return hashlib.sha256("|".join(parts).encode()).digest()
