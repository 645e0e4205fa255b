"""Organisations and services keep their former names, and a care file's check says who is renamed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Former names, none yet; and what a check found renamed."""
    for table in ("organisations", "services"):
        names = sa.Column("former_names", sa.ARRAY(sa.Text), nullable=False, server_default="{}")
        op.add_column(table, names, schema="matching")
    op.add_column("care_imports", sa.Column("renamed", JSONB), schema="matching")
