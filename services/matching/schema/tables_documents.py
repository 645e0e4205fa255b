"""The tables of contract documents (RULES 11)."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.matching.schema.base import Base


class ContractDocument(Base):
    """What the council and an organisation agree about a CPLI (RULES 11); `says` is kept as it was published.

    Only `status` and `updated_at` ever change: a trigger sees to that. The last day to answer is `due_on`.
    """

    __tablename__ = "contract_documents"
    __table_args__ = (
        Index("contract_documents_by_number", "number"),
        Index("contract_documents_of_organisation", "organisation_id", "number"),
        Index("contract_documents_of_cpli", "cpli_id", "number"),
        Index("contract_documents_of_client", "client_id"),
        Index(
            "contract_documents_open",
            "organisation_id",
            "due_on",
            postgresql_where=text("status = 'published'"),
        ),
        Index("contract_documents_rejected", "cpli_id", postgresql_where=text("status = 'rejected'")),
    )

    document_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity(always=True))
    cpli_id: Mapped[int]
    organisation_id: Mapped[uuid.UUID]
    service_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    says: Mapped[dict[str, Any]]
    published_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date]
    status: Mapped[str]
    updated_at: Mapped[dt.datetime]


class ContractDocumentNote(Base):
    """Who did what with a contract document, and when; the first note is its publishing."""

    __tablename__ = "contract_document_notes"

    document_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[uuid.UUID]
    move: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[dt.datetime]
    reason: Mapped[str]
