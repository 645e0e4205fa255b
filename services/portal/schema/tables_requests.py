"""The tables of what was asked: the audit trail, the keys by which the API does nothing twice, forms not sent yet."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class IdempotencyKey(Base):
    """An Idempotency-Key of the API and the answer that it had, for 24 hours.

    ``state`` is in_flight, failed (the same request may be sent again, under the same ``seed``) or done.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("idempotency_keys_old", "made_at"),)

    asker: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    seed: Mapped[uuid.UUID]
    state: Mapped[str]
    claimed_at: Mapped[dt.datetime]
    made_at: Mapped[dt.datetime]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None]


class Audit(Base):
    """Something that somebody signed in, a token or the command line asked to be changed; written before it is done."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_newest", "asked_at", "action_id"),
        Index("audit_of_who", "who", "asked_at"),
        Index("audit_of_action", "action", "asked_at"),
        Index("audit_of_object", "objects", postgresql_using="gin"),
        Index("audit_of_organisation", "organisation_id", "asked_at"),
    )

    action_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    asked_at: Mapped[dt.datetime]
    who: Mapped[str]
    """an account's id, or `token ` and a token's, or `command line` and who the machine knows there"""
    role: Mapped[str]
    """an account's role; a token's side; `system` of the command line"""
    organisation_id: Mapped[uuid.UUID | None]
    """of whoever asked; None for the council"""
    action: Mapped[str]
    """the endpoint, or the command; `audit/words.py` has the words for it"""
    objects: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """what the address named"""
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """by which parameters, in the same order"""


class AuditEnd(Base):
    """How an asked change ended. Without it the portal was stopped meanwhile: whether it was done is not known."""

    __tablename__ = "audit_ends"
    __table_args__ = (
        Index("audit_ends_of_object", "made", postgresql_using="gin"),
        Index("audit_ends_of_organisation", "organisation_id"),
    )

    action_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ended_at: Mapped[dt.datetime]
    status: Mapped[int] = mapped_column(SmallInteger)
    """the HTTP status of the answer; the command line has the same ones"""
    made: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """what the answer's address names and the asked one did not, and what a form chose"""
    made_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    amount: Mapped[Decimal | None]
    """pounds"""
    organisation_id: Mapped[uuid.UUID | None]
    """the provider whose things they are, where that is known"""
    organisation: Mapped[str | None]
    """its name as it was said then"""
    contract: Mapped[str | None]
    outcome: Mapped[str | None]
    """the state that a thing came to, or why it was refused"""


class UnsentForm(Base):
    """What somebody typed in a form that could not be sent, encrypted, for whoever typed it to go on with."""

    __tablename__ = "unsent_forms"
    __table_args__ = (Index("unsent_forms_of_account", "account_id"), Index("unsent_forms_over", "over_at"))

    unsent_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID]
    content: Mapped[bytes]
    content_key: Mapped[int] = mapped_column(SmallInteger)
    over_at: Mapped[dt.datetime]


class Handle(Base):
    """A random word that stands for what the portal keeps: a file that was sent and is not used yet.

    Good for one account or token, for one kind of thing, and until `over_at`. The word is nowhere here.
    """

    __tablename__ = "handles"
    __table_args__ = (Index("handles_over", "over_at"), Index("handles_of_holder", "holder"))

    handle_hash: Mapped[bytes] = mapped_column(primary_key=True)
    holder: Mapped[str]
    """who asked, as services are told"""
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    over_at: Mapped[dt.datetime]
