"""Sums of all actuals of some weeks are read from an index, not from their wide rows."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """The index by Monday holds actuals alone, with their hours."""
    op.drop_index("weeks_of_monday", "weeks", schema="payments")
    op.create_index(
        "weeks_of_monday",
        "weeks",
        ["monday", "organisation_id"],
        schema="payments",
        postgresql_include=["cpli_id", "delivered_seconds", "frustrated_seconds"],
        postgresql_where=sa.text("priced AND jsonb_array_length(visits) > 0"),
    )
