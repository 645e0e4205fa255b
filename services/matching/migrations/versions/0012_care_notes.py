"""What is to be known of care rows that were taken, such as an EndDate that stands for none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """One column beside the errors."""
    op.add_column("care_imports", sa.Column("notes", JSONB()), schema="matching")
