"""Unmatched visits are found and counted without reading the matched ones."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One index."""
    op.create_index(
        "visits_unmatched",
        "visits",
        ["organisation_id", "monday"],
        unique=False,
        schema="matching",
        postgresql_where=sa.text("reason IS NOT NULL AND NOT deleted"),
    )
