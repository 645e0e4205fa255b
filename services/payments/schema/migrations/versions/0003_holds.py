"""Moves of items (holds, releases, instalments), manual adjustments, and all lines about items as one view."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MAY_SEE = """
    current_setting('app.role', true) IN ('council', 'system')
    OR organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
"""
# Whoever reads the view sees the rows that row-level security lets them see of the tables.
ITEM_LINES = """
    CREATE VIEW payments.item_lines WITH (security_invoker = true) AS
    SELECT item_id, organisation_id, contract, series, period_start, 'payable' AS status, amount, 1 AS posted
    FROM payments.items
    UNION ALL
    SELECT l.item_id, l.organisation_id, i.contract, i.series, l.period_start, l.status, l.amount, 0 AS posted
    FROM payments.moved_lines l JOIN payments.items i USING (item_id)
"""


def upgrade() -> None:
    """Create the tables and the view; an item that somebody posted has no week, and may have no CPLI or client."""
    for column in ("cpli_id", "monday", "client_id"):
        op.alter_column("items", column, nullable=True, schema="payments")
    _moves()
    _manual_adjustments()
    op.execute(ITEM_LINES)
    for table in ("moves", "moved_lines", "manual_adjustments"):
        op.execute(f"ALTER TABLE payments.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE payments.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY organisation ON payments.{table} USING ({MAY_SEE})")


def _moves() -> None:
    op.create_table(
        "moves",
        sa.Column("move_id", sa.Uuid(), primary_key=True),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("instalments", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )
    op.create_index("moves_once", "moves", ["item_id", "ordinal"], unique=True, schema="payments")
    op.create_table(
        "moved_lines",
        sa.Column("move_id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        schema="payments",
    )
    op.create_index("moved_lines_of_item", "moved_lines", ["item_id"], schema="payments")
    op.create_index(
        "moved_lines_of_period", "moved_lines", ["period_start", "organisation_id"], schema="payments"
    )


def _manual_adjustments() -> None:
    op.create_table(
        "manual_adjustments",
        sa.Column("adjustment_id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("cpli_id", sa.BigInteger(), nullable=True),
        sa.Column("client_reference", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("posted_by", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )
