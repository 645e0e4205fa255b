"""The tables of the schema ``disputes``: cases, their conversations and attachments."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import Identity, Index, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from libs.common.outbox import messaging_tables
from libs.common.tables import COLUMN_TYPES

metadata = MetaData(schema="disputes")
messaging = messaging_tables(metadata)

APPEND_ONLY = ("messages", "attachments", "claim_items", "claim_workings")
ROWS_OF_ORGANISATION = ("cases", "messages", "attachments", "claim_items", "claim_workings")


class Base(DeclarativeBase):
    """Typed tables of this schema."""

    metadata = metadata
    type_annotation_map = COLUMN_TYPES


class Case(Base):
    """A dispute, an enquiry, an action, a review or a one-off claim (`rules_cases.py`)."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("cases_of_kind", "kind", "state", "opened_at", "case_id"),
        Index("cases_of_organisation", "organisation_id", "kind", "opened_at", "case_id"),
        Index("cases_numbered", "number", unique=True),
    )

    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity())  # what people say on the telephone
    kind: Mapped[str]
    organisation_id: Mapped[uuid.UUID]
    state: Mapped[str]
    turn: Mapped[str]  # "council", "provider", or nothing when it is over
    due_at: Mapped[dt.datetime | None]
    subject: Mapped[str]
    client_reference: Mapped[str]  # nothing when it is about no client
    cpli_id: Mapped[int | None]
    first_on: Mapped[dt.date | None]  # the days that it is about
    last_on: Mapped[dt.date | None]
    facts: Mapped[dict[str, Any]]  # what its kind knows besides
    opened_by: Mapped[str]
    opened_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]


class Message(Base):
    """What somebody said in a case, with the move that was made by it."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("case_id", "ordinal", name="messages_once"),)

    message_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    ordinal: Mapped[int]
    side: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[dt.datetime]
    move: Mapped[str]  # nothing for words alone
    state: Mapped[str]  # of the case after it
    words: Mapped[str]


class Attachment(Base):
    """A file that belongs to a message; its content lies in the object store."""

    __tablename__ = "attachments"
    __table_args__ = (Index("attachments_of_case", "case_id", "added_at"),)

    attachment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    message_id: Mapped[uuid.UUID]
    name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    object_key: Mapped[str]
    side: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[dt.datetime]


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
