"""Why a visit was deleted (RULES 4), kept for good and under the others' policy; files that confirm themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MAY_SEE = """
    current_setting('app.role', true) IN ('council', 'system')
    OR organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
"""


def upgrade() -> None:
    """One table and one column."""
    op.add_column(
        "visits_files",
        sa.Column("confirms_itself", sa.Boolean(), server_default="false", nullable=False),
        schema="ingest",
    )
    op.create_table(
        "visit_deletions",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("visit_ref", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "visit_ref", "version"),
        schema="ingest",
    )
    op.execute("ALTER TABLE ingest.visit_deletions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE ingest.visit_deletions FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY organisation ON ingest.visit_deletions USING ({MAY_SEE})")
