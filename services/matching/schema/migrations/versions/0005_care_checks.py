"""A care file is checked before it is imported."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What the check found, and who confirmed it."""
    for column in (
        sa.Column("check_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("also_changed", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("care_imports", column, schema="matching")
    op.create_index(
        "care_imports_by_time", "care_imports", [sa.text("imported_at DESC"), "import_id"], schema="matching"
    )
