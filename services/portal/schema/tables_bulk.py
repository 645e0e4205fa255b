"""The tables of bulk actions: what somebody does to many rows at once, and what became of each (RULES 20)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class BulkAction(Base):
    """Something to be done to many rows: shown, then done once; its id is what makes a second press do nothing.

    ``state`` is shown, doing, stopped (a service went away: whoever began it may go on) or done.
    """

    __tablename__ = "bulk_actions"
    __table_args__ = (
        Index("bulk_actions_newest", "began_at", "bulk_id"),
        Index("bulk_actions_shown", "shown_at", postgresql_where=text("state = 'shown'")),
    )

    bulk_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    act: Mapped[str]
    who: Mapped[str]
    """as services are told"""
    organisation_id: Mapped[uuid.UUID | None]
    """of whoever does it; None for the council"""
    state: Mapped[str]
    shown_at: Mapped[dt.datetime]
    back: Mapped[str]
    """the address of the list from which the rows were chosen"""
    is_cut: Mapped[bool]
    """whether the filters showed more rows than are done at once"""
    facts: Mapped[dict[str, Any]]
    """what was filled in, such as the reason; no password"""
    began_at: Mapped[dt.datetime | None]
    tried_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]


class BulkRow(Base):
    """A row of a bulk action, as it was shown, and what became of it."""

    __tablename__ = "bulk_rows"

    bulk_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    """by which its service knows it"""
    seen: Mapped[str]
    """the version that was seen"""
    about: Mapped[str]
    organisation: Mapped[str]
    amount: Mapped[Decimal | None]
    """pounds"""
    outcome: Mapped[str | None]
    """done or left; None before it was tried"""
    why: Mapped[str]
    """why it was left, or can't be done"""
