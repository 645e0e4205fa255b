"""The tables of concerns: raised, moved, with evidence; breach notices and their answers; kinds and groups (RULES 16)."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ARRAY, Identity, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from services.disputes.schema.base import Base


class Concern(Base):
    """What somebody is concerned about; its newest state, with the history in ``concern_steps``."""

    __tablename__ = "concerns"
    __table_args__ = (
        Index("concerns_numbered", "number", unique=True),
        Index("concerns_by_time", "raised_at", "concern_id"),
        Index("concerns_by_day", "received_on", "organisation_id"),
    )

    concern_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity())  # what people say on the telephone
    kind: Mapped[str]
    organisation_id: Mapped[uuid.UUID]
    client_reference: Mapped[str]  # nothing when it is about no client
    cpli_id: Mapped[int | None]
    visits: Mapped[list[str]] = mapped_column(ARRAY(Text))
    source: Mapped[str]
    about_kind: Mapped[str]  # nothing when it was raised from nothing else
    about_id: Mapped[str]
    happened_on: Mapped[dt.date | None]
    received_on: Mapped[dt.date]  # the council's day, by which months are counted
    state: Mapped[str]
    referred_to: Mapped[str]
    ended_in: Mapped[str]
    version: Mapped[int]  # how many steps it has
    raised_by: Mapped[str]
    raised_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]


class ConcernStep(Base):
    """What somebody did with a concern; never changed."""

    __tablename__ = "concern_steps"
    __table_args__ = (UniqueConstraint("concern_id", "ordinal", name="concern_steps_once"),)

    step_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    concern_id: Mapped[uuid.UUID]
    ordinal: Mapped[int]
    move: Mapped[str]  # nothing for a note alone
    state: Mapped[str]  # of the concern after it
    words: Mapped[str]
    done_by: Mapped[str]
    done_at: Mapped[dt.datetime]


class ConcernFile(Base):
    """Evidence that came with a step; its content lies in the object store."""

    __tablename__ = "concern_files"
    __table_args__ = (Index("concern_files_of", "concern_id", "added_at"),)

    concern_file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    concern_id: Mapped[uuid.UUID]
    of_id: Mapped[uuid.UUID]  # the step
    name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    object_key: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[dt.datetime]


class BreachNotice(Base):
    """A breach notice as it was sent to a provider, and how it stands."""

    __tablename__ = "breach_notices"
    __table_args__ = (
        Index("breach_notices_numbered", "number", unique=True),
        Index("breach_notices_of_concern", "concern_id", "sent_at"),
        Index("breach_notices_of_organisation", "organisation_id", "sent_at", "notice_id"),
    )

    notice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity())
    concern_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    kind: Mapped[str]  # of the concern when it was sent
    client_reference: Mapped[str]
    words: Mapped[str]
    visits: Mapped[list[Any]]  # as they were then: seams.disputes.concerns.NoticeVisit
    due_on: Mapped[dt.date]
    state: Mapped[str]
    council_words: Mapped[str]  # what the provider is told at its end
    sent_by: Mapped[str]
    sent_on: Mapped[dt.date]  # the council's day, by which months are counted
    sent_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]


class BreachAnswer(Base):
    """What a provider answered to a breach notice; never changed."""

    __tablename__ = "breach_answers"
    __table_args__ = (Index("breach_answers_of", "notice_id", "said_at"),)

    answer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    words: Mapped[str]
    is_late: Mapped[bool]
    said_by: Mapped[str]
    said_at: Mapped[dt.datetime]


class BreachFile(Base):
    """A file that came with an answer to a breach notice."""

    __tablename__ = "breach_files"
    __table_args__ = (Index("breach_files_of", "notice_id", "added_at"),)

    concern_file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    of_id: Mapped[uuid.UUID]  # the answer
    name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    object_key: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[dt.datetime]


class ConcernKind(Base):
    """A kind of concern; retired ones stay with the concerns that have them."""

    __tablename__ = "concern_kinds"
    __table_args__ = (Index("concern_kinds_folded", "folded_name", unique=True),)

    name: Mapped[str] = mapped_column(primary_key=True)
    folded_name: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[dt.datetime] = mapped_column(server_default=text("now()"))
    retired_by: Mapped[str | None]
    retired_at: Mapped[dt.datetime | None]


class ConcernGroup(Base):
    """A group of providers by name; removed ones are gone, and no concern names one."""

    __tablename__ = "concern_groups"
    __table_args__ = (Index("concern_groups_folded", "folded_name", unique=True),)

    group_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str]
    organisation_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime]
