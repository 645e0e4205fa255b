"""What a token is for; tokens are listed by organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """One column, one index."""
    op.add_column(
        "tokens", sa.Column("purpose", sa.Text(), server_default="", nullable=False), schema="portal"
    )
    op.create_index("tokens_of", "tokens", ["organisation_id", "made_at"], unique=False, schema="portal")
