"""Organisations are known by their former names too."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """None yet; matching says them."""
    names = sa.Column("former_names", sa.ARRAY(sa.Text), nullable=False, server_default="{}")
    op.add_column("organisations", names, schema="payments")
