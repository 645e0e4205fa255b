"""The visits that disputes are about, under the others' policy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

MAY_SEE = """
    current_setting('app.role', true) IN ('council', 'system')
    OR organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
"""


def upgrade() -> None:
    """One table."""
    op.create_table(
        "dispute_visits",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("visit_ref", sa.Text(collation="C"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "visit_ref"),
        schema="disputes",
    )
    op.create_index(
        "disputes_of_visit",
        "dispute_visits",
        ["organisation_id", "visit_ref"],
        unique=False,
        schema="disputes",
    )
    op.execute("ALTER TABLE disputes.dispute_visits ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE disputes.dispute_visits FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY organisation ON disputes.dispute_visits USING ({MAY_SEE})")
