"""The tables of payment periods: what is finalised, moves of items, runs and their approval, answers of providers."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.schema.base import Base


class Move(Base):
    """What somebody did with an item's portion: cancel, suspend, carry forward, split, release (RULES 8).

    ``period_start`` and ``status`` name the portion; ``ordinal`` counts the item's moves without a gap.
    """

    __tablename__ = "moves"
    __table_args__ = (Index("moves_once", "item_id", "ordinal", unique=True),)

    move_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID]
    ordinal: Mapped[int]
    organisation_id: Mapped[uuid.UUID]
    name: Mapped[str]
    period_start: Mapped[dt.date]
    status: Mapped[str]
    instalments: Mapped[int | None]
    reason: Mapped[str]
    owner: Mapped[str]
    moved_by: Mapped[str]
    moved_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class MovedLine(Base):
    """A line of a move: pounds that come to a period and status of an item, or (below nothing) leave it."""

    __tablename__ = "moved_lines"
    __table_args__ = (
        Index("moved_lines_of_item", "item_id"),
        Index("moved_lines_of_period", "period_start", "organisation_id"),
    )

    move_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    period_start: Mapped[dt.date]
    status: Mapped[str]
    amount: Mapped[Decimal]


class Finalisation(Base):
    """A period that was finalised: for one contract, or (contract empty) for all."""

    __tablename__ = "finalisations"

    contract: Mapped[str] = mapped_column(primary_key=True)
    period_start: Mapped[dt.date] = mapped_column(primary_key=True)
    finalised_by: Mapped[str]
    finalised_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class ClosedSum(Base):
    """What a period that is finalised for all holds, by contract and organisation: it keeps its totals for good."""

    __tablename__ = "closed_sums"

    period_start: Mapped[dt.date] = mapped_column(primary_key=True)
    contract: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    payable: Mapped[Decimal]
    deductions: Mapped[Decimal]
    non_payable: Mapped[Decimal]
    items: Mapped[int]


class ClosedCharge(Base):
    """What clients are charged in a period that is finalised for all."""

    __tablename__ = "closed_charges"

    period_start: Mapped[dt.date] = mapped_column(primary_key=True)
    amount: Mapped[Decimal]


class RunLimit(Base):
    """From when on a run's change is large, and what one person may adjust; the newest that the council set holds."""

    __tablename__ = "run_limits"

    limit_id: Mapped[int] = mapped_column(primary_key=True)
    percent: Mapped[Decimal]
    pounds: Mapped[Decimal]
    adjustments: Mapped[Decimal] = mapped_column(server_default="1000")
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class Run(Base):
    """A payment run: what was payable in a period when it was prepared; contract empty for all."""

    __tablename__ = "runs"
    __table_args__ = (Index("runs_of_period", "period_start", "contract"),)

    run_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    period_start: Mapped[dt.date]
    contract: Mapped[str]
    prepared_by: Mapped[str]
    prepared_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    percent: Mapped[Decimal]
    pounds: Mapped[Decimal]


class RunTotal(Base):
    """What a run pays an organisation under a contract, and what the last period paid it."""

    __tablename__ = "run_totals"

    run_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    contract: Mapped[str] = mapped_column(primary_key=True)
    items: Mapped[int]
    cost: Mapped[Decimal]
    deductions: Mapped[Decimal]
    last_payable: Mapped[Decimal]
    fingerprint: Mapped[str]


class RunDecision(Base):
    """How a run was decided, once: approved, or rejected with a reason."""

    __tablename__ = "run_decisions"

    run_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    decision: Mapped[str]
    reason: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class PeriodAnswer(Base):
    """What a provider answered about the scheduled payment of a period; the newest counts."""

    __tablename__ = "period_answers"
    __table_args__ = (Index("answers_of_period", "period_start", "organisation_id"),)

    answer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    period_start: Mapped[dt.date]
    answer: Mapped[str]
    reason: Mapped[str]
    payable: Mapped[Decimal]
    answered_by: Mapped[str]
    answered_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
