"""Clients that the council has merged into another."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Who stays, by who was merged."""
    op.create_table(
        "merged_clients",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("into_client_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("client_id"),
        schema="payments",
    )
    op.create_index("merged_into", "merged_clients", ["into_client_id"], schema="payments")
