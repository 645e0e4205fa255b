"""What is set apart, and what is buried, each with its reason."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

MAY_SEE = """
    (SELECT current_setting('app.role', true) IN ('council', 'system'))
    OR organisation_id = (SELECT nullif(current_setting('app.organisation', true), '')::uuid)
"""


def upgrade() -> None:
    """Two small tables, empty while all is well."""
    op.create_table(
        "set_apart",
        sa.Column("apart_id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )
    op.execute("ALTER TABLE payments.set_apart ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payments.set_apart FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY organisation ON payments.set_apart USING ({MAY_SEE})")
    op.create_table(
        "buried",
        sa.Column("message_id", sa.Text(), primary_key=True),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("died_at", sa.Text(), nullable=False),
        sa.Column("buried_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("discarded_by", sa.Text(), nullable=True),
        sa.Column("discarded_for", sa.Text(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        schema="payments",
    )
