"""One-off claims: their items with all that was changed of them, and what was worked out beside each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

TABLES = ("claim_items", "claim_workings")
MAY_SEE = """
    current_setting('app.role', true) IN ('council', 'system')
    OR organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
"""


def upgrade() -> None:
    """Two tables, to which rows are only added."""
    op.create_table(
        "claim_items",
        sa.Column("version_id", sa.Uuid(), primary_key=True),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("service_level", sa.Text(), nullable=False),
        sa.Column("client_reference", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("is_planned_respite", sa.Boolean(), nullable=False),
        sa.Column("la_note", sa.Text(), nullable=False),
        sa.Column("is_included", sa.Boolean(), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("item_id", "ordinal", name="claim_items_once"),
        schema="disputes",
    )
    op.create_index("claim_items_of_case", "claim_items", ["case_id"], schema="disputes")
    op.create_index(
        "claim_items_of_client", "claim_items", ["organisation_id", "client_reference"], schema="disputes"
    )
    op.create_table(
        "claim_workings",
        sa.Column("item_id", sa.Uuid(), primary_key=True),
        sa.Column("ordinal", sa.BigInteger(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("working", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        schema="disputes",
    )
    op.create_index("claim_workings_of_case", "claim_workings", ["case_id"], schema="disputes")
    for table in TABLES:
        op.execute(f"ALTER TABLE disputes.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE disputes.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY organisation ON disputes.{table} USING ({MAY_SEE})")
