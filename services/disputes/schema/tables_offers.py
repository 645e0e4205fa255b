"""The tables of requisitions and offers (RULES 16). Rows are only added: what became of an offer is a row beside it."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.disputes.schema.base import Base


class Requisition(Base):
    """Care that is wanted, and the frozen ranking that it goes down."""

    __tablename__ = "requisitions"
    __table_args__ = (Index("requisitions_numbered", "number", unique=True),)

    requisition_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity())
    list_id: Mapped[uuid.UUID]
    list_name: Mapped[str]
    ranking_id: Mapped[uuid.UUID]
    quarter: Mapped[str]
    client_reference: Mapped[str]  # nothing when there is none yet
    service: Mapped[str]
    service_level: Mapped[str]
    zone: Mapped[str]
    hours: Mapped[Decimal]
    timetable: Mapped[str]
    start_on: Mapped[dt.date]
    note: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[dt.datetime]


class RequisitionPlace(Base):
    """A provider of that ranking."""

    __tablename__ = "requisition_places"

    requisition_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[uuid.UUID]
    organisation: Mapped[str]


class RequisitionSkip(Base):
    """A provider that was left out, with the reason."""

    __tablename__ = "requisition_skips"

    requisition_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str]
    skipped_by: Mapped[str]
    skipped_at: Mapped[dt.datetime]


class RequisitionEnd(Base):
    """A requisition that the council withdrew."""

    __tablename__ = "requisition_ends"

    requisition_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
    withdrawn_by: Mapped[str]
    withdrawn_at: Mapped[dt.datetime]


class Offer(Base):
    """A requisition as it was offered to one provider."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("requisition_id", "place", name="offers_once"),
        Index("offers_of_organisation", "organisation_id", "number"),
        Index("offers_by_time", "lapses_at"),
    )

    offer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requisition_id: Mapped[uuid.UUID]
    number: Mapped[int]  # the requisition's
    organisation_id: Mapped[uuid.UUID]
    place: Mapped[int]
    client_reference: Mapped[str]  # not shown before the provider has accepted
    service: Mapped[str]
    service_level: Mapped[str]
    zone: Mapped[str]
    hours: Mapped[Decimal]
    timetable: Mapped[str]
    start_on: Mapped[dt.date]
    note: Mapped[str]
    offered_by: Mapped[str]
    offered_at: Mapped[dt.datetime]
    lapses_at: Mapped[dt.datetime]


class OfferAnswer(Base):
    """What became of an offer: accepted, declined, lapsed or withdrawn, once and for all."""

    __tablename__ = "offer_answers"
    __table_args__ = (
        # a lost lock fails instead of giving one requisition to two providers
        Index("accepted_once", "requisition_id", unique=True, postgresql_where=text("answer = 'accepted'")),
    )

    offer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requisition_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    answer: Mapped[str]
    reason: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[dt.datetime]


class OfferHours(Base):
    """For how many hours offers made from a day on stand; of two for the same day the newest holds."""

    __tablename__ = "offer_hours"

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    effective_from: Mapped[dt.date]
    hours: Mapped[int]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
