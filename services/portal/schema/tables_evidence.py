"""The tables of evidence: what is told of who came in, was refused, looked or changed; and the chain that shows a change."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Identity, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class Evidence(Base):
    """Something that happened, by its kind (`evidence/words.py`). ``at`` is the database's: nobody can give another."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("evidence_newest", "at", "event_id"),
        Index("evidence_of_who", "who", "at"),
        Index("evidence_of_client", "clients", postgresql_using="gin"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str]
    who: Mapped[str | None]
    """as in the audit trail; None for strangers"""
    role: Mapped[str | None]
    organisation_id: Mapped[uuid.UUID | None]
    """of whoever it was; None for the council and for strangers"""
    request_id: Mapped[uuid.UUID | None]
    """the same for all that one request did; of one that changes something its action_id in the audit trail"""
    address: Mapped[str | None]
    """where the request came from"""
    action: Mapped[str | None]
    """the endpoint or the method that was asked"""
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    objects: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """what it was about: kinds and values, as in the audit trail"""
    clients: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """whom a reading showed: ids and references, as the page named them"""
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]
    outcome: Mapped[str | None]


class ChainBatch(Base):
    """Rows that were chained together. ``hash`` is over all else here but ``disposed_at``, and the hash before it."""

    __tablename__ = "chain_batches"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_place: Mapped[int]
    last_place: Mapped[int]
    count: Mapped[int]
    made_at: Mapped[dt.datetime]
    rows_hash: Mapped[bytes]
    """over the digests of its rows, in order"""
    before: Mapped[bytes]
    """the hash of the batch before; zeros for the first"""
    hash: Mapped[bytes]
    disposed_at: Mapped[dt.datetime | None]
    """since when its rows of evidence are gone, as retention says"""


class ChainPlace(Base):
    """A row of evidence or of the audit trail, in the order in which they were added; a trigger adds it.

    ``batch`` is None until it is chained: a row that is committed late comes into a later batch.
    """

    __tablename__ = "chain_places"
    __table_args__ = (
        Index("chain_places_waiting", "place", postgresql_where=text("batch IS NULL")),
        Index("chain_places_of_batch", "batch", "place"),
    )

    place: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    source: Mapped[str]
    """the table"""
    row_id: Mapped[uuid.UUID]
    batch: Mapped[int | None]
    digest: Mapped[bytes | None]
    """SHA-256 of the row as it was chained"""
