"""Queries of charges; weeks by their Monday, for reports."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """What is asked about charges is only ever added to."""
    op.create_table(
        "charge_queries",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("query_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
        schema="payments",
    )
    op.create_index("charge_queries_of", "charge_queries", ["client_id", "said_at"], schema="payments")
    op.create_index("charge_queries_by", "charge_queries", ["query_id"], schema="payments")
    op.create_index("weeks_of_monday", "weeks", ["monday", "organisation_id"], schema="payments")
