"""Payment runs, their totals and decisions, and from when on a change is large."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NOW = sa.text("now()")


def upgrade() -> None:
    """Create the tables; a change is large above 20 % and £500 until the council sets something else."""
    op.create_table(
        "run_limits",
        sa.Column("limit_id", sa.BigInteger(), primary_key=True),
        sa.Column("percent", sa.Numeric(), nullable=False),
        sa.Column("pounds", sa.Numeric(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        schema="payments",
    )
    op.execute(
        "INSERT INTO payments.run_limits (percent, pounds, set_by) VALUES (20, 500, 'the first setting')"
    )
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Uuid(), primary_key=True),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.Text(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("percent", sa.Numeric(), nullable=False),
        sa.Column("pounds", sa.Numeric(), nullable=False),
        schema="payments",
    )
    op.create_index("runs_of_period", "runs", ["period_start", "contract"], schema="payments")
    op.create_table(
        "run_totals",
        sa.Column("run_id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), primary_key=True),
        sa.Column("contract", sa.Text(), primary_key=True),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.Numeric(), nullable=False),
        sa.Column("deductions", sa.Numeric(), nullable=False),
        sa.Column("last_payable", sa.Numeric(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        schema="payments",
    )
    op.create_table(
        "run_decisions",
        sa.Column("run_id", sa.Uuid(), primary_key=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        schema="payments",
    )
