"""What was typed in forms that could not be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "unsent_forms",
        sa.Column("unsent_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_key", sa.SmallInteger(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unsent_id"),
        schema="portal",
    )
    op.create_index("unsent_forms_of_account", "unsent_forms", ["account_id"], unique=False, schema="portal")
    op.create_index("unsent_forms_over", "unsent_forms", ["over_at"], unique=False, schema="portal")
