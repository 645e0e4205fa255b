"""Clients' dated circumstances, which the council alone sees."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A table of versions; the worker's role bypasses the policy, a provider sees no row."""
    op.create_table(
        "client_circumstances",
        sa.Column("circumstance_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("circumstance_id", "version"),
        schema="matching",
    )
    op.create_index("circumstances_of_client", "client_circumstances", ["client_id"], schema="matching")
    op.execute("ALTER TABLE matching.client_circumstances ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE matching.client_circumstances FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY council ON matching.client_circumstances"
        " USING (current_setting('app.role', true) IN ('council', 'system'))"
    )
