"""The tables of the schema ``disputes``: cases, their conversations and attachments."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Identity, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.disputes.schema.base import Base, messaging, metadata
from services.disputes.schema.tables_claims import ClaimItem, ClaimWorking
from services.disputes.schema.tables_concerns import (
    BreachAnswer,
    BreachFile,
    BreachNotice,
    Concern,
    ConcernFile,
    ConcernGroup,
    ConcernKind,
    ConcernStep,
)
from services.disputes.schema.tables_doubts import Doubt, Look, Sample
from services.disputes.schema.tables_kpis import KpiSpan, Meeting
from services.disputes.schema.tables_offers import (
    Offer,
    OfferAnswer,
    OfferHours,
    Requisition,
    RequisitionEnd,
    RequisitionPlace,
    RequisitionSkip,
)

__all__ = [
    "Attachment",
    "Base",
    "BreachAnswer",
    "BreachFile",
    "BreachNotice",
    "Case",
    "ClaimItem",
    "ClaimWorking",
    "Concern",
    "ConcernFile",
    "ConcernGroup",
    "ConcernKind",
    "ConcernStep",
    "DisputeVisit",
    "Doubt",
    "KpiSpan",
    "Look",
    "Meeting",
    "Message",
    "Offer",
    "OfferAnswer",
    "OfferHours",
    "Requisition",
    "RequisitionEnd",
    "RequisitionPlace",
    "RequisitionSkip",
    "Sample",
    "messaging",
    "metadata",
]

APPEND_ONLY = (
    "messages",
    "attachments",
    "dispute_visits",
    "claim_items",
    "claim_workings",
    "concern_steps",
    "concern_files",
    "breach_answers",
    "breach_files",
    "kpi_spans",
    "requisitions",
    "requisition_places",
    "requisition_skips",
    "requisition_ends",
    "offers",
    "offer_answers",
    "offer_hours",
)
ROWS_OF_ORGANISATION = (
    "cases",
    "messages",
    "attachments",
    "dispute_visits",
    "claim_items",
    "claim_workings",
    "meetings",
    "set_apart",
    "offers",
    "offer_answers",
)
ROWS_OF_COUNCIL = (
    "concern_kinds",
    "doubts",
    "doubt_looks",
    "samples",
    "requisitions",
    "requisition_places",
    "requisition_skips",
    "requisition_ends",
)
ROWS_OF_COMMISSIONING = ("concerns", "concern_steps", "concern_files", "concern_groups")
ROWS_OF_ADDRESSEE = ("breach_notices", "breach_answers", "breach_files")


class Case(Base):
    """A dispute, an enquiry, an action, a review or a one-off claim (`libs.common.care.cases`)."""

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


class DisputeVisit(Base):
    """A visit that a dispute is about, with what it said when the dispute was raised."""

    __tablename__ = "dispute_visits"
    __table_args__ = (Index("disputes_of_visit", "organisation_id", "visit_ref"),)

    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visit_ref: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    snapshot: Mapped[dict[str, Any]]  # {"version", "deleted", "values": cells by heading}
