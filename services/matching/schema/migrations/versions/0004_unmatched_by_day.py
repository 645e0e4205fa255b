"""Visits without a match are listed by day and counted by reason: one index serves both, and all organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The index of the same name takes other columns."""
    op.drop_index("visits_unmatched", "visits", schema="matching")
    op.create_index(
        "visits_unmatched",
        "visits",
        ["planned_on", "organisation_id", "visit_ref"],
        schema="matching",
        postgresql_include=["reason"],
        postgresql_where=sa.text("reason IS NOT NULL AND NOT deleted"),
    )
