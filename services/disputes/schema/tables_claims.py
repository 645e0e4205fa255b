"""The tables of one-off claims: versions of their items, and what was worked out beside them (RULES 10)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.disputes.schema.base import Base


class ClaimItem(Base):
    """A version of a client item of a one-off claim; the newest one counts (RULES 10).

    The provider's newest is what is claimed. ``la_note`` is what the council said with this version.
    """

    __tablename__ = "claim_items"
    __table_args__ = (
        UniqueConstraint("item_id", "ordinal", name="claim_items_once"),
        Index("claim_items_of_case", "case_id"),
        Index("claim_items_of_client", "organisation_id", "client_reference"),
    )

    version_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID]
    ordinal: Mapped[int]
    case_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    description: Mapped[str]
    service_level: Mapped[str]
    client_reference: Mapped[str]
    amount: Mapped[Decimal]
    admitted_on: Mapped[dt.date]
    resumed_on: Mapped[dt.date | None]
    told_on: Mapped[dt.date | None]
    is_planned_respite: Mapped[bool]
    la_note: Mapped[str]
    is_included: Mapped[bool]
    is_removed: Mapped[bool]
    side: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime]


class ClaimWorking(Base):
    """What an item was worth by the H visits when somebody looked; ``message_id``: submitted or decided by it."""

    __tablename__ = "claim_workings"
    __table_args__ = (Index("claim_workings_of_case", "case_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    message_id: Mapped[uuid.UUID | None]
    working: Mapped[dict[str, Any]]
    made_by: Mapped[str]
    made_at: Mapped[dt.datetime]
