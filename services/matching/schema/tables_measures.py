"""The tables of measures (RULES 16): what they are taken by, and what is counted by day.

Thresholds, and what is monitored by total hours, are never changed; the newest holds. Counts are worked out from visits
and care, and can be again: an organisation's week that changed since is *stale*.
"""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import Identity, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from services.matching.schema.base import Base


class MeasureThreshold(Base):
    """A threshold from a planned date on; of two for the same date the newest holds."""

    __tablename__ = "measure_thresholds"

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    effective_from: Mapped[dt.date]
    value: Mapped[int]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class OneDiary(Base):
    """Whether a contract (``contract/dapl``, folded) or a CPLI (``cpli/156017``) is monitored by total hours."""

    __tablename__ = "one_diaries"
    __table_args__ = (Index("one_diaries_of", "about", "change_id"),)

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    about: Mapped[str]
    is_one_diary: Mapped[bool]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class StaleWeek(Base):
    """A mark that something changed of which an organisation's week is counted; each change adds one.

    Whoever counts the week takes away the marks that stood there before: one that came meanwhile stays.
    """

    __tablename__ = "stale_weeks"
    __table_args__ = (Index("stale_weeks_of", "organisation_id", "monday"),)

    mark: Mapped[int] = mapped_column(Identity(), primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    monday: Mapped[dt.date]
    marked_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class MeasuredDay(Base):
    """What is counted of an organisation's day in a week sent, as `services.matching.measures.days.Counts` has it.

    ``has_visits``: any visit is planned on it, matched or not. The hours commissioned are a fraction, kept exact.
    """

    __tablename__ = "measured_days"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    monday: Mapped[dt.date]
    has_visits: Mapped[bool]
    delivered: Mapped[int]
    delivered_singly: Mapped[int]
    logged: Mapped[int]
    under_30: Mapped[int]
    frustrated: Mapped[int]
    cancelled: Mapped[int]
    hospital: Mapped[int]
    slots_wanted: Mapped[int]
    missed: Mapped[int]
    counted_as_missed: Mapped[int]
    late: Mapped[int]
    early: Mapped[int]
    very_late: Mapped[int]
    short: Mapped[int]
    critical_wanted: Mapped[int]
    critical_kept: Mapped[int]
    delivered_seconds: Mapped[int]
    hours_numerator: Mapped[Decimal]
    hours_denominator: Mapped[Decimal]


class MeasuredCarer(Base):
    """A carer who delivered to a client in an organisation's week; on which ``weekdays``: bit 0 is Monday."""

    __tablename__ = "measured_carers"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    carer_ref: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    weekdays: Mapped[int]


class MeasuredDelivery(Base):
    """The delivered and frustrated seconds of a CPLI in a week of the organisation."""

    __tablename__ = "measured_deliveries"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seconds: Mapped[int]
