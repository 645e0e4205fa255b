"""A provider's first page counts its rejected rows without reading those of all others."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """One index of what can be sent again."""
    op.create_index(
        "rejected_visits",
        "file_errors",
        ["file_id", "visit_ref"],
        schema="ingest",
        postgresql_where=sa.text("is_rejection AND visit_ref <> ''"),
    )
