"""Visits that a known carer delivered are found by the day of delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """A report of a week reads that week alone."""
    op.create_index(
        "visits_of_carers",
        "visits",
        ["delivered_on", "organisation_id", "carer_ref"],
        schema="ingest",
        postgresql_where=sa.text("NOT deleted AND carer_ref <> ''"),
    )
