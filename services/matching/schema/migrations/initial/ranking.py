"""Ranked lists, what they are ranked by, and rankings that were frozen."""

from functools import partial

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

create_table = partial(op.create_table, schema="matching")


def create_ranking() -> None:
    """Lists with prices and terms, workings, frozen rankings with their places, appeals and answers."""
    _create_lists()
    _create_frozen()
    create_table(
        "ranking_appeals",
        Column("appeal_id", Uuid, primary_key=True),
        Column("ranking_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("note", Text, nullable=False),
        Column("appealed_by", Text, nullable=False),
        Column("appealed_at", DateTime(timezone=True), nullable=False),
        Index("ranking_appeals_of", "ranking_id"),
    )
    create_table(
        "ranking_appeal_answers",
        Column("appeal_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("is_upheld", Boolean, nullable=False),
        Column("reason", Text, nullable=False),
        Column("answered_by", Text, nullable=False),
        Column("answered_at", DateTime(timezone=True), nullable=False),
    )


def _create_lists() -> None:
    create_table(
        "ranked_lists",
        Column("list_id", Uuid, primary_key=True),
        Column("name", Text, nullable=False),
        Column("folded_name", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        UniqueConstraint("folded_name", name="ranked_lists_named"),
    )
    create_table(
        "ranked_prices",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("list_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("quarter", Text, nullable=False),
        Column("price", Numeric),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("ranked_prices_of", "list_id", "change_id"),
    )
    create_table(
        "ranking_terms",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("list_id", Uuid),
        Column("quarter", Text, nullable=False),
        Column("quality_share", Numeric, nullable=False),
        Column("measures", JSONB, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


def _create_frozen() -> None:
    create_table(
        "ranking_workings",
        Column("working_id", Uuid, primary_key=True),
        Column("ranking", JSONB, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    create_table(
        "frozen_rankings",
        Column("ranking_id", Uuid, primary_key=True),
        Column("list_id", Uuid, nullable=False),
        Column("quarter", Text, nullable=False),
        Column("ordinal", BigInteger, nullable=False),
        Column("working_id", Uuid, nullable=False),
        Column("proposed_by", Text, nullable=False),
        Column("confirmed_by", Text, nullable=False),
        Column("frozen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        UniqueConstraint("list_id", "quarter", "ordinal", name="frozen_once"),
    )
    create_table(
        "frozen_places",
        Column("ranking_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, primary_key=True),
        Column("place", BigInteger, nullable=False),
        Column("out_of", BigInteger, nullable=False),
        Column("list_id", Uuid, nullable=False),
        Column("list_name", Text, nullable=False),
        Column("quarter", Text, nullable=False),
        Column("ordinal", BigInteger, nullable=False),
        Column("proposed_by", Text, nullable=False),
        Column("confirmed_by", Text, nullable=False),
        Column("frozen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("explained", JSONB, nullable=False),
        Index("frozen_places_of", "organisation_id", "ranking_id"),
    )
