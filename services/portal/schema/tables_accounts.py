"""The tables of accounts: who may come in, and how."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class Account(Base):
    """A person who may sign in.

    ``code`` is None until the first login has set it, and after a reset. ``first_position`` and
    ``second_position`` are asked at every sign-in until one succeeds.
    """

    __tablename__ = "accounts"

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    subject: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    """of the council's people; what a provider's are called their contacts say"""
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
    openid: Mapped[str | None] = mapped_column(unique=True)
    """of the council's: what its OpenID provider calls the holder, as `issuer sub`; None until the first such sign-in"""
    made_at: Mapped[dt.datetime]
    signed_in_at: Mapped[dt.datetime | None]
    """the last time"""
    disabled_at: Mapped[dt.datetime | None]
    """since then nobody signs in with it"""


class Attempts(Base):
    """Failures in a row of one counter of one address, whether it has an account or not."""

    __tablename__ = "attempts"
    __table_args__ = (Index("attempts_old", "failed_at"),)

    subject: Mapped[str] = mapped_column(primary_key=True)
    counter: Mapped[str] = mapped_column(primary_key=True)
    """STRANGERS or SIGNED_IN of accounts, or the id of a browser that signed in before"""
    failures: Mapped[int]
    locks: Mapped[int]
    """how many in a row: each lasts twice as long as the one before"""
    locked_until: Mapped[dt.datetime | None]
    failed_at: Mapped[dt.datetime]
    wrong_answers: Mapped[int] = mapped_column(server_default="0")
    """to the second step, after the right password, since the last right one"""


class Tries(Base):
    """Wrong tries of an hour, of one kind: of a network, over all accounts, of answers to the second step."""

    __tablename__ = "tries"
    __table_args__ = (Index("tries_old", "hour"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    of: Mapped[bytes] = mapped_column(primary_key=True)
    """a keyed hash of the network; empty for all together"""
    hour: Mapped[dt.datetime] = mapped_column(primary_key=True)
    tries: Mapped[int]


class AppRequirement(Base):
    """Whether the people of a role must have an authenticator app. Roles without a row: all of the council's must."""

    __tablename__ = "app_requirements"

    role: Mapped[str] = mapped_column(primary_key=True)
    is_required: Mapped[bool]
    set_at: Mapped[dt.datetime]
    set_by: Mapped[str]


class KnownBrowser(Base):
    """A browser in which the holder of an address signed in. Its cookie holds a random mark, the row its hash."""

    __tablename__ = "known_browsers"
    __table_args__ = (Index("known_browsers_of_subject", "subject"), Index("known_browsers_over", "over_at"))

    mark_hash: Mapped[bytes] = mapped_column(primary_key=True)
    subject: Mapped[str]
    over_at: Mapped[dt.datetime]


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
    openid: Mapped[str | None]
    """as whom the council's OpenID provider knows who signs in, where they came by it"""
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
    device: Mapped[str] = mapped_column(server_default="")
    """what the browser says it is, in words: Firefox on Windows"""


class SignInLink(Base):
    """A link by which a holder signs in with the password in place of two digits: once, and for a short while."""

    __tablename__ = "sign_in_links"
    __table_args__ = (Index("sign_in_links_of_account", "account_id"),)

    link_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID]
    over_at: Mapped[dt.datetime]
    passwords: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """how many were tried with it"""


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


class Token(Base):
    """A bearer token of another system. ``organisation_id`` is None for the council's."""

    __tablename__ = "tokens"
    __table_args__ = (Index("tokens_of", "organisation_id", "made_at"), Index("tokens_of_owner", "owner_id"))

    token_id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes]
    organisation: Mapped[str | None]
    organisation_id: Mapped[uuid.UUID | None]
    made_by: Mapped[str]
    made_at: Mapped[dt.datetime]
    over_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[str | None]
    purpose: Mapped[str] = mapped_column(server_default="")
    """what it is for, in the words of who made it"""
    role: Mapped[str | None]
    """of the council's: the role of its people whose eyes it has; None: what all of them see"""
    owner_id: Mapped[uuid.UUID | None]
    """the account that it ends with; None: the operator of the machine"""
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """the rights that it was given; it has those of them that its owner has now (libs/common/rights)"""
    confirmed_by: Mapped[str | None]
    """of the council's, where it writes: the second person"""
    confirmed_at: Mapped[dt.datetime | None]
    used_at: Mapped[dt.datetime | None]
    """the last use, to the minute"""
    warned_at: Mapped[dt.datetime | None]
    """when its owner was told that it ends soon"""
