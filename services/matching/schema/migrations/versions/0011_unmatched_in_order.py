"""The report of unmatched visits chooses a page from an index, without reading the visits of all others."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """The index by day holds the planned time too."""
    op.drop_index("visits_unmatched", "visits", schema="matching")
    op.create_index(
        "visits_unmatched",
        "visits",
        ["planned_on", "organisation_id", "visit_ref"],
        schema="matching",
        postgresql_include=["reason", "planned_entry"],
        postgresql_where=sa.text("reason IS NOT NULL AND NOT deleted"),
    )
