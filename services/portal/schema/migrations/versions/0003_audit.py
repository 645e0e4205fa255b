"""The audit trail: what was asked, and how it ended. Rows are only ever added."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Two tables; their rights are taken by bootstrap, as those of all append-only ones."""
    op.create_table(
        "audit",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("objects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("action_id"),
        schema="portal",
    )
    op.create_index("audit_newest", "audit", ["asked_at", "action_id"], unique=False, schema="portal")
    op.create_index("audit_of_who", "audit", ["who", "asked_at"], unique=False, schema="portal")
    op.create_index("audit_of_action", "audit", ["action", "asked_at"], unique=False, schema="portal")
    op.create_index(
        "audit_of_object", "audit", ["objects"], unique=False, schema="portal", postgresql_using="gin"
    )
    op.create_table(
        "audit_ends",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("made", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("action_id"),
        schema="portal",
    )
    op.create_index(
        "audit_ends_of_object", "audit_ends", ["made"], unique=False, schema="portal", postgresql_using="gin"
    )
