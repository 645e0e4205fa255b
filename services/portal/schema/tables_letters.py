"""The tables of letters: what is still to be sent, who wants which kinds, and what was told."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class Letter(Base):
    """An e-mail that is still to be sent, or could not be; its text is encrypted, for it may hold a one-time link.

    ``recipient`` is None where there is no account: the row is written all the same, so that the work is the same.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("letters_due", "due_at", postgresql_where=text("given_up_at is null")),)

    letter_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str | None]
    subject_line: Mapped[str]
    text: Mapped[bytes]
    text_key: Mapped[int] = mapped_column(SmallInteger)
    failures: Mapped[int]
    written_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    reason: Mapped[str | None]
    """why it was not sent when it was tried last"""
    given_up_at: Mapped[dt.datetime | None]
    """since then it is tried no more, and its text is gone"""


class Subscription(Base):
    """A kind of letter that a holder wants (letters/rules.py)."""

    __tablename__ = "subscriptions"

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)


class Told(Base):
    """What a holder was told of by a letter, so that nobody is told twice, by whichever process."""

    __tablename__ = "told"
    __table_args__ = (Index("told_old", "told_at"),)

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    """a day, the first day of a period, or the id of what was said in a case"""
    told_at: Mapped[dt.datetime]
