"""Packages keep their timetable and their days of suspension, which say what of a part week is commissioned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Empty until care is said again (``resync care``): a part week is then shared out evenly over its days."""
    op.add_column(
        "packages", sa.Column("plan", JSONB, nullable=False, server_default="{}"), schema="payments"
    )
