"""Debts, proposals that a second person approves, what these would change in money, visit types by date (RULES 6, 8)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

MAY_SEE = """
    (SELECT current_setting('app.role', true) IN ('council', 'system'))
    OR organisation_id = (SELECT nullif(current_setting('app.organisation', true), '')::uuid)
"""


def upgrade() -> None:
    """Debts are an organisation's; proposals are the council's."""
    _debts()
    _proposals()
    _effects()
    op.add_column(
        "run_limits",
        sa.Column("adjustments", sa.Numeric(), server_default="1000", nullable=False),
        schema="payments",
    )
    op.add_column(
        "visit_types",
        sa.Column("later", postgresql.JSONB(), server_default="[]", nullable=False),
        schema="payments",
    )


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("proposal_id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )
    op.create_index("proposals_by_time", "proposals", ["proposed_at", "proposal_id"], schema="payments")
    op.create_table(
        "proposal_decisions",
        sa.Column("proposal_id", sa.Uuid(), primary_key=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )


def _effects() -> None:
    op.create_table(
        "effects",
        sa.Column("proposal_id", sa.Uuid(), primary_key=True),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )
    op.create_table(
        "effect_parts",
        sa.Column("proposal_id", sa.Uuid(), primary_key=True),
        sa.Column("part", sa.BigInteger(), primary_key=True),
        sa.Column("sums", postgresql.JSONB(), nullable=False),
        schema="payments",
    )


def _debts() -> None:
    op.create_table(
        "debts",
        sa.Column("debt_id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("arose_in", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("arose_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )
    op.create_index("debts_of_organisation", "debts", ["organisation_id"], schema="payments")
    op.create_table(
        "debt_items",
        sa.Column("item_id", sa.Uuid(), primary_key=True),
        sa.Column("debt_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        schema="payments",
    )
    op.create_index("debt_items_of", "debt_items", ["debt_id"], schema="payments")
    for table in ("debts", "debt_items"):
        op.execute(f"ALTER TABLE payments.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE payments.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY organisation ON payments.{table} USING ({MAY_SEE})")
