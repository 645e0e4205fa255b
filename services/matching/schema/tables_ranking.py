"""The tables of ranked lists and their rankings (RULES 16). Rows are only added: what is set later holds instead."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import Identity, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from services.matching.schema.base import Base


class RankedList(Base):
    """A zone or a lot whose providers are ranked."""

    __tablename__ = "ranked_lists"
    __table_args__ = (UniqueConstraint("folded_name", name="ranked_lists_named"),)

    list_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class RankedPrice(Base):
    """An organisation's price on a list from a quarter on; without one it is off the list."""

    __tablename__ = "ranked_prices"
    __table_args__ = (Index("ranked_prices_of", "list_id", "change_id"),)

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    list_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    quarter: Mapped[str]
    price: Mapped[Decimal | None]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class RankingTermsSet(Base):
    """By what a list, or every list that has none of its own, is ranked from a quarter on.

    ``measures``: [measure, best, worst, weight] each, numbers as text.
    """

    __tablename__ = "ranking_terms"

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    list_id: Mapped[uuid.UUID | None]
    quarter: Mapped[str]
    quality_share: Mapped[Decimal]
    measures: Mapped[list[Any]]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class RankingWorking(Base):
    """A ranking that was proposed to be frozen, word for word (`libs.common.seams.matching.monitoring.ranking.Ranking`)."""

    __tablename__ = "ranking_workings"

    working_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)  # of what it says
    ranking: Mapped[dict[str, Any]]
    made_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class FrozenRanking(Base):
    """A ranking that two people have frozen; the newest of its list and quarter counts."""

    __tablename__ = "frozen_rankings"
    __table_args__ = (UniqueConstraint("list_id", "quarter", "ordinal", name="frozen_once"),)

    ranking_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    list_id: Mapped[uuid.UUID]
    quarter: Mapped[str]
    ordinal: Mapped[int]
    working_id: Mapped[uuid.UUID]
    proposed_by: Mapped[str]
    confirmed_by: Mapped[str]
    frozen_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class FrozenPlace(Base):
    """An organisation's place in a frozen ranking: all that it may see of it."""

    __tablename__ = "frozen_places"
    __table_args__ = (Index("frozen_places_of", "organisation_id", "ranking_id"),)

    ranking_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[int]
    out_of: Mapped[int]
    list_id: Mapped[uuid.UUID]
    list_name: Mapped[str]
    quarter: Mapped[str]
    ordinal: Mapped[int]
    proposed_by: Mapped[str]
    confirmed_by: Mapped[str]
    frozen_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    explained: Mapped[dict[str, Any]]


class RankingAppeal(Base):
    """A provider's appeal against its place."""

    __tablename__ = "ranking_appeals"
    __table_args__ = (Index("ranking_appeals_of", "ranking_id"),)

    appeal_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ranking_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    note: Mapped[str]
    appealed_by: Mapped[str]
    appealed_at: Mapped[dt.datetime]


class RankingAppealAnswer(Base):
    """The council's answer to an appeal, once and for all."""

    __tablename__ = "ranking_appeal_answers"

    appeal_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    is_upheld: Mapped[bool]
    reason: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[dt.datetime]
