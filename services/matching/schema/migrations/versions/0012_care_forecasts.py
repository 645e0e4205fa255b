"""What a checked care file would change in money is kept with its check."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """One column."""
    forecast = sa.Column("forecast", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    op.add_column("care_imports", forecast, schema="matching")
