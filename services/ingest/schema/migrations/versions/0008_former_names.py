"""Organisations and services are known by their former names too."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """None yet; matching says them."""
    for table in ("organisations", "services"):
        names = sa.Column("former_names", sa.ARRAY(sa.Text), nullable=False, server_default="{}")
        op.add_column(table, names, schema="ingest")
