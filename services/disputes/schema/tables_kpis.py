"""The tables of meetings with providers, and of the spans of their KPIs (RULES 16)."""

import datetime as dt
import uuid

from sqlalchemy import Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.disputes.schema.base import Base


class Meeting(Base):
    """Notes of a meeting with a provider, who sees them once they are shared."""

    __tablename__ = "meetings"
    __table_args__ = (Index("meetings_of", "organisation_id", "held_on"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    held_on: Mapped[dt.date]
    people: Mapped[str]
    notes: Mapped[str]
    agreed: Mapped[str]
    kept_by: Mapped[str]
    kept_at: Mapped[dt.datetime]
    shared_by: Mapped[str | None]
    shared_at: Mapped[dt.datetime | None]


class KpiSpan(Base):
    """How long the spans of KPIs are: the newest holds, and none is ever changed."""

    __tablename__ = "kpi_spans"

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    months: Mapped[int]
    first_month: Mapped[int]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime]
