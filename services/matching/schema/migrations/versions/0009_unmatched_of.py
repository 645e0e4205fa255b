"""A provider's unmatched visits are found and counted by reason without reading those of others."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One index."""
    op.create_index(
        "visits_unmatched_of",
        "visits",
        ["organisation_id", "reason", "planned_on", "visit_ref"],
        schema="matching",
        postgresql_where=sa.text("reason IS NOT NULL AND NOT deleted"),
    )
