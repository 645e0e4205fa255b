"""Weeks whose visits changed are noted, so that they are looked through for doubts by themselves."""

import sqlalchemy as sa
from alembic import op

from libs.common.sql.migrating import show_to_organisation

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Weeks of before are noted when their visits change, or looked at by hand."""
    op.create_table(
        "weeks_changed",
        sa.Column("organisation_id", sa.Uuid(), primary_key=True),
        sa.Column("monday", sa.Date(), primary_key=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        schema="ingest",
    )
    show_to_organisation("ingest", "weeks_changed")
