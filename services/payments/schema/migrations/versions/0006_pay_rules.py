"""Pay rules by contract and date, and what they changed in a week (RULES 6)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One table and one column."""
    op.add_column(
        "weeks", sa.Column("steps", postgresql.JSONB(astext_type=Text()), nullable=True), schema="payments"
    )
    op.create_table(
        "pay_rules",
        sa.Column("set_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("set_id"),
        schema="payments",
    )
    op.create_index(
        "pay_rules_of_contract",
        "pay_rules",
        ["contract", "effective_from", "set_id"],
        unique=False,
        schema="payments",
    )
