"""Items, charges and debts: the lines of money."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Column, Date, DateTime, Index, Numeric, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB

create_table = partial(op.create_table, schema="payments")

# Whoever reads the view sees the rows that row-level security lets them see of the tables.
ITEM_LINES = """
    CREATE VIEW payments.item_lines WITH (security_invoker = true) AS
    SELECT item_id, organisation_id, contract, series, period_start, 'payable' AS status, amount, 1 AS posted
    FROM payments.items
    UNION ALL
    SELECT l.item_id, l.organisation_id, i.contract, i.series, l.period_start, l.status, l.amount, 0 AS posted
    FROM payments.moved_lines l JOIN payments.items i USING (item_id)
"""


def create_items() -> None:
    """Items, manual adjustments, and moves: holds, releases, instalments."""
    create_table(
        "items",
        Column("item_id", Uuid, primary_key=True),
        Column("series", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("cpli_id", BigInteger),
        Column("monday", Date),
        Column("ordinal", BigInteger, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("contract", Text, nullable=False),
        Column("client_id", Uuid),
        Column("client_reference", Text, nullable=False),
        Column("period_start", Date, nullable=False),
        Column("amount", Numeric, nullable=False),
        Column("reason", Text, nullable=False),
        Column("week_version", BigInteger, nullable=False),
        Column("explanation", JSONB, nullable=False),
        Column("cause_id", Uuid, nullable=False),
        Column("posted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index(
            "items_in_order",
            "period_start",
            "client_reference",
            text("COALESCE(cpli_id, 0::bigint)"),
            text("COALESCE(monday, '0001-01-01'::date)"),
            "ordinal",
            "item_id",
        ),
        Index("items_of_client", "client_reference", "monday"),
        Index(
            "items_of_provider",
            "organisation_id",
            "period_start",
            postgresql_include=["contract", "series", "amount"],
        ),
        Index("items_once", "cpli_id", "monday", "series", "ordinal", unique=True),
        Index(
            "one_offs_once", "cpli_id", "ordinal", unique=True, postgresql_where=text("series = 'one_off'")
        ),
    )
    create_table(
        "manual_adjustments",
        Column("adjustment_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("contract", Text, nullable=False),
        Column("cpli_id", BigInteger),
        Column("client_reference", Text, nullable=False),
        Column("period_start", Date, nullable=False),
        Column("amount", Numeric, nullable=False),
        Column("reason", Text, nullable=False),
        Column("posted_by", Text, nullable=False),
        Column("posted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    create_table(
        "moves",
        Column("move_id", Uuid, primary_key=True),
        Column("item_id", Uuid, nullable=False),
        Column("ordinal", BigInteger, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("name", Text, nullable=False),
        Column("period_start", Date, nullable=False),
        Column("status", Text, nullable=False),
        Column("instalments", BigInteger),
        Column("reason", Text, nullable=False),
        Column("owner", Text, nullable=False),
        Column("moved_by", Text, nullable=False),
        Column("moved_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("moves_once", "item_id", "ordinal", unique=True),
    )
    create_table(
        "moved_lines",
        Column("move_id", Uuid, primary_key=True),
        Column("number", BigInteger, primary_key=True),
        Column("item_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("period_start", Date, nullable=False),
        Column("status", Text, nullable=False),
        Column("amount", Numeric, nullable=False),
        Index("moved_lines_of_item", "item_id"),
        Index("moved_lines_of_period", "period_start", "organisation_id"),
    )
    op.execute(ITEM_LINES)


def create_charges() -> None:
    """Charges of clients, and queries of them."""
    create_table(
        "charges",
        Column("charge_id", Uuid, primary_key=True),
        Column("client_id", Uuid, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("monday", Date, nullable=False),
        Column("ordinal", BigInteger, nullable=False),
        Column("period_start", Date, nullable=False),
        Column("amount", Numeric, nullable=False),
        Column("reason", Text, nullable=False),
        Column("explanation", JSONB, nullable=False),
        Column("cause_id", Uuid, nullable=False),
        Column("posted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("charges_of_period", "period_start"),
        Index("charges_once", "client_id", "monday", "ordinal", unique=True),
    )
    create_table(
        "charge_queries",
        Column("message_id", Uuid, primary_key=True),
        Column("query_id", Uuid, nullable=False),
        Column("client_id", Uuid, nullable=False),
        Column("kind", Text, nullable=False),
        Column("monday", Date),
        Column("asked_by", Text, nullable=False),
        Column("words", Text, nullable=False),
        Column("said_by", Text, nullable=False),
        Column("said_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("charge_queries_by", "query_id"),
        Index("charge_queries_of", "client_id", "said_at"),
    )


def create_debts() -> None:
    """Debts of organisations, and what proposals would change in money."""
    create_table(
        "debts",
        Column("debt_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("contract", Text, nullable=False),
        Column("arose_in", Date, nullable=False),
        Column("amount", Numeric, nullable=False),
        Column("arose_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("debts_of_organisation", "organisation_id"),
    )
    create_table(
        "debt_items",
        Column("item_id", Uuid, primary_key=True),
        Column("debt_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Index("debt_items_of", "debt_id"),
    )
    create_table(
        "effects",
        Column("proposal_id", Uuid, primary_key=True),
        Column("parts", BigInteger, nullable=False),
        Column("wanted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    create_table(
        "effect_parts",
        Column("proposal_id", Uuid, primary_key=True),
        Column("part", BigInteger, primary_key=True),
        Column("sums", JSONB, nullable=False),
    )
