"""Requisitions, and their offers to providers."""

from functools import partial
from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

create_table = partial(op.create_table, schema="disputes")


def create_offers() -> None:
    """Requisitions with the ranking that they go down, offers with their answers, and for how long they stand."""
    _create_requisitions()
    create_table(
        "offers",
        Column("offer_id", Uuid, primary_key=True),
        Column("requisition_id", Uuid, nullable=False),
        Column("number", BigInteger, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("place", BigInteger, nullable=False),
        *_care_wanted(),
        Column("offered_by", Text, nullable=False),
        Column("offered_at", DateTime(timezone=True), nullable=False),
        Column("lapses_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("requisition_id", "place", name="offers_once"),
        Index("offers_by_time", "lapses_at"),
        Index("offers_of_organisation", "organisation_id", "number"),
    )
    create_table(
        "offer_answers",
        Column("offer_id", Uuid, primary_key=True),
        Column("requisition_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("answer", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("answered_by", Text, nullable=False),
        Column("answered_at", DateTime(timezone=True), nullable=False),
        Index("accepted_once", "requisition_id", unique=True, postgresql_where=text("answer = 'accepted'")),
    )
    create_table(
        "offer_hours",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("effective_from", Date, nullable=False),
        Column("hours", BigInteger, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


def _care_wanted() -> tuple[Column[Any], ...]:
    """What a requisition and each of its offers say of the care."""
    return (
        Column("client_reference", Text, nullable=False),
        Column("service", Text, nullable=False),
        Column("service_level", Text, nullable=False),
        Column("zone", Text, nullable=False),
        Column("hours", Numeric, nullable=False),
        Column("timetable", Text, nullable=False),
        Column("start_on", Date, nullable=False),
        Column("note", Text, nullable=False),
    )


def _create_requisitions() -> None:
    create_table(
        "requisitions",
        Column("requisition_id", Uuid, primary_key=True),
        Column("number", BigInteger, Identity(), nullable=False),
        Column("list_id", Uuid, nullable=False),
        Column("list_name", Text, nullable=False),
        Column("ranking_id", Uuid, nullable=False),
        Column("quarter", Text, nullable=False),
        *_care_wanted(),
        Column("made_by", Text, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Index("requisitions_numbered", "number", unique=True),
    )
    create_table(
        "requisition_places",
        Column("requisition_id", Uuid, primary_key=True),
        Column("place", BigInteger, primary_key=True, autoincrement=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("organisation", Text, nullable=False),
    )
    create_table(
        "requisition_skips",
        Column("requisition_id", Uuid, primary_key=True),
        Column("place", BigInteger, primary_key=True, autoincrement=False),
        Column("reason", Text, nullable=False),
        Column("skipped_by", Text, nullable=False),
        Column("skipped_at", DateTime(timezone=True), nullable=False),
    )
    create_table(
        "requisition_ends",
        Column("requisition_id", Uuid, primary_key=True),
        Column("reason", Text, nullable=False),
        Column("withdrawn_by", Text, nullable=False),
        Column("withdrawn_at", DateTime(timezone=True), nullable=False),
    )
