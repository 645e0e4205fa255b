"""Debts: what a period's total lacked to be nothing, and the items by which it comes off later ones (RULES 8)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MAY_SEE = """
    (SELECT current_setting('app.role', true) IN ('council', 'system'))
    OR organisation_id = (SELECT nullif(current_setting('app.organisation', true), '')::uuid)
"""


def upgrade() -> None:
    """Two tables whose rows are an organisation's."""
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
