"""What is to be known of care rows that were taken, such as an EndDate that stands for none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """One column beside the errors."""
    op.add_column("care_imports", sa.Column("notes", JSONB()), schema="matching")
