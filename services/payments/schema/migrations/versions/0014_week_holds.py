"""Holds of CPLI-weeks; a provider sees those of its own weeks."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MAY_SEE = """
    (SELECT current_setting('app.role', true) IN ('council', 'system'))
    OR organisation_id = (SELECT nullif(current_setting('app.organisation', true), '')::uuid)
"""


def upgrade() -> None:
    """Create the table. What was held item by item before stays held until its week is held or released."""
    op.create_table(
        "week_holds",
        sa.Column("hold_id", sa.Uuid(), primary_key=True),
        sa.Column("cpli_id", sa.BigInteger(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("client_reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pays_from", sa.Date(), nullable=True),
        sa.Column("charge", sa.Text(), nullable=False),
        sa.Column("released", sa.Numeric(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )
    op.create_index(
        "week_holds_once", "week_holds", ["cpli_id", "monday", "ordinal"], unique=True, schema="payments"
    )
    op.execute("ALTER TABLE payments.week_holds ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payments.week_holds FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY organisation ON payments.week_holds USING ({MAY_SEE})")
