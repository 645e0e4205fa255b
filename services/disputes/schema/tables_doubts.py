"""The tables of doubts: what a week's data shows, until somebody raises or dismisses it (RULES 9)."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ARRAY, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.disputes.schema.base import Base


class Look(Base):
    """The newest look at an organisation's week by one of the services that find doubts."""

    __tablename__ = "doubt_looks"

    finder: Mapped[str] = mapped_column(primary_key=True)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    looked_at: Mapped[dt.datetime]
    silent_visits: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """visits of one diary, as matching's look says them (RULES 16)"""


class Doubt(Base):
    """Something that the data shows, or was picked to be looked at; its id is the same whenever it is found."""

    __tablename__ = "doubts"
    __table_args__ = (
        Index("doubts_of_week", "monday", "state", "organisation_id"),
        Index("doubts_proposed", "monday", postgresql_where=text("state = 'proposed' AND sample_id IS NULL")),
        Index("doubts_of_sample", "sample_id", postgresql_where=text("sample_id IS NOT NULL")),
    )

    doubt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    finder: Mapped[str]
    version: Mapped[int]  # of the look that found it last
    organisation_id: Mapped[uuid.UUID]
    monday: Mapped[dt.date]
    kind: Mapped[str]
    client_reference: Mapped[str]
    cpli_id: Mapped[int | None]
    visits: Mapped[list[str]] = mapped_column(ARRAY(Text))  # none: it is about the CPLI's week
    first_on: Mapped[dt.date]
    last_on: Mapped[dt.date]
    evidence: Mapped[dict[str, Any]]
    state: Mapped[str]  # doubts.rules.MOVES
    found_at: Mapped[dt.datetime]
    settled_by: Mapped[str | None]
    settled_at: Mapped[dt.datetime | None]
    settled_why: Mapped[str | None]
    case_id: Mapped[uuid.UUID | None]  # of the dispute that was raised
    sample_id: Mapped[uuid.UUID | None]


class Sample(Base):
    """Weeks of CPLIs picked to be looked at: how, and by what seed, so that anybody can pick them again."""

    __tablename__ = "samples"
    __table_args__ = (Index("samples_of_week", "monday", "picked_at"),)

    sample_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    monday: Mapped[dt.date]
    organisation_id: Mapped[uuid.UUID | None]  # none: all providers
    way: Mapped[str]
    size: Mapped[int]  # a share in percent, or how many
    seed: Mapped[str]
    out_of: Mapped[int]
    picked_by: Mapped[str]
    picked_at: Mapped[dt.datetime]
