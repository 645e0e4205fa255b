"""The tables of the portal: who may come in, and how."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index, MetaData, SmallInteger, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from libs.common.tables import COLUMN_TYPES

metadata = MetaData(schema="portal")

STRANGERS = ""
"""The counter of all browsers in which the holder has not signed in yet."""
SIGNED_IN = "signed in"
"""The counter of answers given after sign-in: the present password, the present code."""


class Base(DeclarativeBase):
    """Typed tables of this schema."""

    metadata = metadata
    type_annotation_map = COLUMN_TYPES


class Account(Base):
    """A person who may sign in.

    ``code`` is None until the first login has set it, and after a reset. ``first_position`` and
    ``second_position`` are asked at every sign-in until one succeeds.
    """

    __tablename__ = "accounts"

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    subject: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    organisation: Mapped[str | None]
    """the provider's name; None for the council"""
    organisation_id: Mapped[uuid.UUID | None]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool]
    code: Mapped[bytes | None]
    code_key: Mapped[int | None] = mapped_column(SmallInteger)
    first_position: Mapped[int] = mapped_column(SmallInteger)
    second_position: Mapped[int] = mapped_column(SmallInteger)
    totp: Mapped[bytes | None]
    totp_key: Mapped[int | None] = mapped_column(SmallInteger)
    totp_step: Mapped[int] = mapped_column(server_default="0")
    """the last time step whose number was taken: none is taken twice"""
    made_at: Mapped[dt.datetime]
    disabled_at: Mapped[dt.datetime | None]
    """since then nobody signs in with it"""


class Attempts(Base):
    """Failures in a row of one counter of one address, whether it has an account or not."""

    __tablename__ = "attempts"
    __table_args__ = (Index("attempts_old", "failed_at"),)

    subject: Mapped[str] = mapped_column(primary_key=True)
    counter: Mapped[str] = mapped_column(primary_key=True)
    """STRANGERS, SIGNED_IN, or the id of a browser that signed in before"""
    failures: Mapped[int]
    locks: Mapped[int]
    """how many in a row: each lasts twice as long as the one before"""
    locked_until: Mapped[dt.datetime | None]
    failed_at: Mapped[dt.datetime]


class SignIn(Base):
    """A sign-in between the password and the digits. It is used once, right or wrong."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("sign_ins_over", "over_at"),)

    sign_in_hash: Mapped[bytes] = mapped_column(primary_key=True)
    subject: Mapped[str]
    account_id: Mapped[uuid.UUID | None]
    counter: Mapped[str]
    is_password_right: Mapped[bool]
    is_counted: Mapped[bool]
    """whether this try was counted when the password was checked"""
    is_digits_right: Mapped[bool]
    """then only the number of the authenticator app is missing"""
    first_position: Mapped[int] = mapped_column(SmallInteger)
    second_position: Mapped[int] = mapped_column(SmallInteger)
    password_hash: Mapped[str | None]
    """the hash that was checked: a password changed meanwhile ends the sign-in"""
    over_at: Mapped[dt.datetime]


class Session(Base):
    """A browser that is signed in. The cookie holds the id, the row its hash."""

    __tablename__ = "sessions"
    __table_args__ = (Index("sessions_of_account", "account_id"), Index("sessions_old", "seen_at"))

    session_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID]
    counter: Mapped[str]
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    totp: Mapped[bytes | None]
    """the key of an authenticator app that is being set up"""
    totp_key: Mapped[int | None] = mapped_column(SmallInteger)


class Link(Base):
    """A one-time link with which a holder sets a new password."""

    __tablename__ = "links"
    __table_args__ = (Index("links_of_account", "account_id"),)

    link_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID]
    made_by: Mapped[str]
    over_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class ResetRequest(Base):
    """What somebody who can't sign in asked the helpdesk."""

    __tablename__ = "reset_requests"
    __table_args__ = (
        Index("reset_requests_open", "asked_at", postgresql_where=text("answered_at is null")),
        Index("reset_requests_of_subject", "subject"),
        Index("reset_requests_from", "asked_from", "asked_at"),
    )

    request_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    name: Mapped[str]
    organisation: Mapped[str]
    email: Mapped[str]
    telephone: Mapped[str]
    asked_from: Mapped[bytes]
    """a keyed hash of the network, to count by"""
    asked_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[str | None]


class Letter(Base):
    """An e-mail that is still to be sent; its text is encrypted, for it may hold a one-time link.

    ``recipient`` is None where there is no account: the row is written all the same, so that the work is the same.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("letters_due", "due_at"),)

    letter_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str | None]
    subject_line: Mapped[str]
    text: Mapped[bytes]
    text_key: Mapped[int] = mapped_column(SmallInteger)
    failures: Mapped[int]
    written_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]


class Token(Base):
    """A bearer token of another system. ``organisation_id`` is None for the council's."""

    __tablename__ = "tokens"

    token_id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes]
    organisation: Mapped[str | None]
    organisation_id: Mapped[uuid.UUID | None]
    made_by: Mapped[str]
    made_at: Mapped[dt.datetime]
    over_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[str | None]


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
