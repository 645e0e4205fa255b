"""The tables of the schema ``payments``: weeks in money, periods, payment items and charges."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, Identity, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.common.proposals.steps import TABLES as PROPOSALS
from services.payments.schema.base import Base, messaging, metadata
from services.payments.schema.tables_clients import MergedClient
from services.payments.schema.tables_debts import Debt, DebtItem
from services.payments.schema.tables_effects import Effect, EffectPart
from services.payments.schema.tables_holds import WeekHold
from services.payments.schema.tables_invoices import (
    ContractTerms,
    Invoice,
    InvoiceChange,
    InvoiceLine,
    InvoiceStep,
    ServiceVatRate,
)
from services.payments.schema.tables_one_offs import ClaimedStay
from services.payments.schema.tables_periods import (
    ClosedCharge,
    ClosedSum,
    Finalisation,
    Move,
    MovedLine,
    PeriodAnswer,
    Run,
    RunDecision,
    RunLimit,
    RunTotal,
)

__all__ = [
    "Base",
    "Charge",
    "ChargeQuery",
    "ClaimedStay",
    "ClosedCharge",
    "ClosedSum",
    "ContractTerms",
    "Debt",
    "DebtItem",
    "Effect",
    "EffectPart",
    "Finalisation",
    "Invoice",
    "InvoiceChange",
    "InvoiceLine",
    "InvoiceStep",
    "Item",
    "ManualAdjustment",
    "MergedClient",
    "Move",
    "MovedLine",
    "Organisation",
    "Package",
    "PayRuleSet",
    "PeriodAnswer",
    "PublicSequence",
    "Run",
    "RunDecision",
    "RunLimit",
    "RunTotal",
    "ServiceVatRate",
    "VisitType",
    "Week",
    "WeekHold",
    "messaging",
    "metadata",
]

APPEND_ONLY = (
    "items",
    "charges",
    "finalisations",
    "moves",
    "moved_lines",
    "manual_adjustments",
    "runs",
    "run_totals",
    "run_decisions",
    "run_limits",
    "period_answers",
    "pay_rules",
    "charge_queries",
    "claimed_stays",
    "week_holds",
    "debts",
    "debt_items",
    "effects",
    "effect_parts",
    "contract_terms",
    "service_vat_rates",
    "invoice_changes",
    "invoice_steps",
    *PROPOSALS,
)
ROWS_OF_ORGANISATION = (
    "packages",
    "weeks",
    "items",
    "moves",
    "moved_lines",
    "manual_adjustments",
    "period_answers",
    "set_apart",
    "claimed_stays",
    "week_holds",
    "debts",
    "debt_items",
    "closed_sums",
    "invoices",
    "invoice_lines",
    "invoice_changes",
    "invoice_steps",
    "service_vat_rates",
)


class Organisation(Base):
    """A provider of care, by the name that matching said last, and its former ones (folded) that nobody else has."""

    __tablename__ = "organisations"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    former_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    version: Mapped[int]


class VisitType(Base):
    """A row of the table of RULES 6, as matching said it last."""

    __tablename__ = "visit_types"

    ref: Mapped[str] = mapped_column(primary_key=True)
    paid: Mapped[bool]
    charged: Mapped[bool]
    basis: Mapped[str]
    version: Mapped[int]
    later: Mapped[list[Any]] = mapped_column(server_default="[]")
    """[from which planned date, paid, charged, basis] of each change, in order"""


class Package(Base):
    """A care package line item with its dated terms, as matching said it last."""

    __tablename__ = "packages"
    __table_args__ = (
        Index("packages_of_client", "client_id"),
        Index(
            "one_offs_of_client",
            "client_id",
            postgresql_where=text("unit = 'Payment' AND frequency = 'One-off'"),
        ),
        Index("packages_of_contract", "contract", "organisation_id"),
    )

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    client_id: Mapped[uuid.UUID]
    client_reference: Mapped[str]
    organisation_id: Mapped[uuid.UUID]
    contract: Mapped[str]
    start_on: Mapped[dt.date]
    end_on: Mapped[dt.date | None]
    terms: Mapped[list[Any]]
    plan: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """the timetable and the days of suspension: what of a part week is commissioned"""
    unit: Mapped[str] = mapped_column(server_default="")
    """empty until matching has said it"""
    frequency: Mapped[str] = mapped_column(server_default="")
    authorised: Mapped[bool] = mapped_column(server_default="true")
    service_level: Mapped[str] = mapped_column(server_default="")
    service: Mapped[str] = mapped_column(server_default="")
    """the service's present name, by which a remittance is summed; empty until matching has said it"""
    payment_method: Mapped[str] = mapped_column(server_default="")
    """how it is paid (RULES 2): by visits, actuals or invoices; empty until matching has said it"""


class Week(Base):
    """An actual: what was delivered on one CPLI in one week, and what it costs.

    Made from ``visits``, or entered by the provider in ``lines`` (`libs.common.seams.events.LineOfWeek`), which are
    null for a week that is paid by visits.
    ``terms_version`` is the package's that the week was matched under; until those terms have arrived the
    week is kept and not priced (``priced`` is false).
    """

    __tablename__ = "weeks"
    __table_args__ = (
        Index(
            "weeks_of_monday",
            "monday",
            "organisation_id",
            postgresql_include=["cpli_id", "delivered_seconds", "frustrated_seconds"],
            postgresql_where=text("priced AND (lines IS NOT NULL OR jsonb_array_length(visits) > 0)"),
        ),
    )

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    version: Mapped[int]
    terms_version: Mapped[int]
    organisation_id: Mapped[uuid.UUID]
    visits: Mapped[list[Any]]
    lines: Mapped[list[Any] | None]
    priced: Mapped[bool] = mapped_column(server_default="false")
    delivered_seconds: Mapped[int] = mapped_column(server_default="0")
    frustrated_seconds: Mapped[int] = mapped_column(server_default="0")
    actual: Mapped[Decimal] = mapped_column(server_default="0")
    frustrated: Mapped[Decimal] = mapped_column(server_default="0")
    charged: Mapped[Decimal] = mapped_column(server_default="0")
    parts: Mapped[list[Any]] = mapped_column(server_default="[]")
    """[basis, unit cost, seconds] of each part of the price: what makes an item explain itself"""
    steps: Mapped[dict[str, Any] | None]
    """``in_all`` and the ``first`` of what pay rules changed: [VisitRef, rule, before, after, by] each"""


class PayRuleSet(Base):
    """The pay rules of a contract from a date on (RULES 6). Never changed; the newest set of a date holds."""

    __tablename__ = "pay_rules"
    __table_args__ = (Index("pay_rules_of_contract", "contract", "effective_from", "set_id"),)

    set_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contract: Mapped[str]
    effective_from: Mapped[dt.date]
    rules: Mapped[dict[str, Any]]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class Item(Base):
    """A payment item: one line of money in a period. Never changed; a correction is a new item.

    ``series`` is ``cost`` (cost items and adjustments), ``income`` (deductions), ``manual`` (adjustments that
    somebody posted, without a week behind them), ``claims`` (items of accepted one-off claims), ``one_off`` (one-off
    payments, which belong to no week), ``vat`` (of accepted invoices and credit notes, of no week) or ``debt`` (what is
    taken out of a period and comes off a later one);
    ``ordinal`` counts the items of a CPLI's week (of a one-off: of the CPLI) in a series without a gap, so that posting
    twice fails instead of paying. The view ``item_lines`` has all that stands about items:
    each item as payable in its period, and the lines of moves.
    """

    __tablename__ = "items"
    __table_args__ = (
        Index("items_once", "cpli_id", "monday", "series", "ordinal", unique=True),
        Index(
            "one_offs_once",
            "cpli_id",
            "ordinal",
            unique=True,
            postgresql_where=text("series = 'one_off'"),
        ),
        Index(
            "items_in_order",
            "period_start",
            "client_reference",
            text("COALESCE(cpli_id, 0::bigint)"),
            text("COALESCE(monday, '0001-01-01'::date)"),
            "ordinal",
            "item_id",
        ),
        Index(
            "items_of_provider",
            "organisation_id",
            "period_start",
            postgresql_include=["contract", "series", "amount"],
        ),
        Index("items_of_client", "client_reference", "monday"),
    )

    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    series: Mapped[str]
    kind: Mapped[str]
    cpli_id: Mapped[int | None]
    monday: Mapped[dt.date | None]
    ordinal: Mapped[int]
    organisation_id: Mapped[uuid.UUID]
    contract: Mapped[str]
    client_id: Mapped[uuid.UUID | None]
    client_reference: Mapped[str]
    period_start: Mapped[dt.date]
    amount: Mapped[Decimal]
    reason: Mapped[str]
    week_version: Mapped[int]
    explanation: Mapped[dict[str, Any]]
    cause_id: Mapped[uuid.UUID]
    posted_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class ManualAdjustment(Base):
    """Money that somebody posted by hand (RULES 8); its item has the same id."""

    __tablename__ = "manual_adjustments"

    adjustment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    contract: Mapped[str]
    cpli_id: Mapped[int | None]
    client_reference: Mapped[str]
    period_start: Mapped[dt.date]
    amount: Mapped[Decimal]
    reason: Mapped[str]
    posted_by: Mapped[str]
    posted_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class Charge(Base):
    """What a client owes for a week; corrections are new rows. ``ordinal`` as in items."""

    __tablename__ = "charges"
    __table_args__ = (
        Index("charges_once", "client_id", "monday", "ordinal", unique=True),
        Index("charges_of_period", "period_start"),
    )

    charge_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID]
    client_reference: Mapped[str]
    monday: Mapped[dt.date]
    ordinal: Mapped[int]
    period_start: Mapped[dt.date]
    amount: Mapped[Decimal]
    reason: Mapped[str]
    explanation: Mapped[dict[str, Any]]
    cause_id: Mapped[uuid.UUID]
    posted_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class ChargeQuery(Base):
    """A query of a client's charges, or an answer to it; ``query_id`` is the id of the query that began it.

    ``asked_by`` is who asked, as the council's officer wrote it down; ``said_by`` who wrote.
    """

    __tablename__ = "charge_queries"
    __table_args__ = (
        Index("charge_queries_of", "client_id", "said_at"),
        Index("charge_queries_by", "query_id"),
    )

    message_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    query_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    monday: Mapped[dt.date | None]
    asked_by: Mapped[str]
    words: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class PublicSequence(Base):
    """The last number of each stream of public events; a stream is an organisation, or ``council``."""

    __tablename__ = "public_sequences"

    stream: Mapped[str] = mapped_column(primary_key=True)
    last_number: Mapped[int]
