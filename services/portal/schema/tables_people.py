"""The tables of contacts and of their change requests."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class Contact(Base):
    """A person of a provider; with an account when they have a role."""

    __tablename__ = "contacts"
    __table_args__ = (Index("contacts_of", "organisation_id"),)

    contact_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    organisation: Mapped[str]
    details: Mapped[dict[str, Any]]
    """text by the fields of contacts/rules.py; a field that is not there is empty"""
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    account_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    made_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]


class ChangeRequest(Base):
    """What was asked to be changed of who is let in, and the answer.

    A provider asks about its contacts, and the helpdesk answers (RULES 12). Without an organisation the helpdesk asked
    about an account of the council, and a second person answers (RULES 14).
    """

    __tablename__ = "change_requests"
    __table_args__ = (
        Index("change_requests_of", "organisation_id", "submitted_at", "change_id"),
        Index("change_requests_newest", "submitted_at", "change_id"),
        Index("change_requests_pending", "submitted_at", postgresql_where=text("state = 'pending'")),
    )

    change_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID | None]
    organisation: Mapped[str | None]
    kind: Mapped[str]
    contact_id: Mapped[uuid.UUID | None]
    """None for a new contact until it is accepted"""
    account_id: Mapped[uuid.UUID | None]
    """of the council's; None for a new one until it is accepted"""
    entity_name: Mapped[str]
    """the name of the contact, or of the account's holder, when it was asked"""
    role: Mapped[str | None]
    wanted: Mapped[list[Any]]
    """[field, before, after] of each change"""
    state: Mapped[str]
    submitted_at: Mapped[dt.datetime]
    submitted_by: Mapped[uuid.UUID]
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[uuid.UUID | None]
    rejection_reason: Mapped[str | None]
