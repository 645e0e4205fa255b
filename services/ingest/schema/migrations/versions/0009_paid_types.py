"""Whether a visit type is paid: such a visit can't be planned for a day to come (RULES 3)."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Types as RULES 6 has them; version 0, so that what the council says of them next counts."""
    op.add_column(
        "visit_types",
        sa.Column("paid", sa.Boolean(), nullable=False, server_default="false"),
        schema="ingest",
    )
    op.execute("UPDATE ingest.visit_types SET paid = delivered OR ref IN ('C', 'U'), version = 0")
    op.alter_column("visit_types", "paid", server_default=None, schema="ingest")
