"""What providers answer about the scheduled payment of a period."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MAY_SEE = """
    current_setting('app.role', true) IN ('council', 'system')
    OR organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
"""


def upgrade() -> None:
    """Create the table; a provider sees its own answers."""
    op.create_table(
        "period_answers",
        sa.Column("answer_id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payable", sa.Numeric(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="payments",
    )
    op.create_index(
        "answers_of_period", "period_answers", ["period_start", "organisation_id"], schema="payments"
    )
    op.execute("ALTER TABLE payments.period_answers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payments.period_answers FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY organisation ON payments.period_answers USING ({MAY_SEE})")
