"""The first tables of disputes: cases, messages and attachments, under row-level security."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

TABLES = ("cases", "messages", "attachments")
MAY_SEE = """
    current_setting('app.role', true) IN ('council', 'system')
    OR organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
"""


def upgrade() -> None:
    """Create all tables; the worker's role bypasses their policies."""
    op.create_table(
        "attachments",
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("attachment_id"),
        schema="disputes",
    )
    op.create_index(
        "attachments_of_case", "attachments", ["case_id", "added_at"], unique=False, schema="disputes"
    )
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("client_reference", sa.Text(), nullable=False),
        sa.Column("cpli_id", sa.BigInteger(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
        schema="disputes",
    )
    op.create_index("cases_numbered", "cases", ["number"], unique=True, schema="disputes")
    op.create_index(
        "cases_of_kind", "cases", ["kind", "state", "opened_at", "case_id"], unique=False, schema="disputes"
    )
    op.create_index(
        "cases_of_organisation",
        "cases",
        ["organisation_id", "kind", "opened_at", "case_id"],
        unique=False,
        schema="disputes",
    )
    op.create_table(
        "messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
        sa.UniqueConstraint("case_id", "ordinal", name="messages_once"),
        schema="disputes",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("exchange", sa.Text(), nullable=False),
        sa.Column("routing_key", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False, comment="0 single, sent first; 1 bulk"),
        sa.Column("headers", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="disputes",
    )
    op.create_index("outbox_lane_id", "outbox", ["lane", "id"], unique=False, schema="disputes")
    op.create_table(
        "progress",
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("emitted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("cause_id", "event"),
        schema="disputes",
    )
    op.create_table(
        "received",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
        schema="disputes",
    )
    # ### end Alembic commands ###
    # A body lives for milliseconds: compressing it costs more than it saves.
    op.execute("ALTER TABLE disputes.outbox ALTER COLUMN body SET STORAGE EXTERNAL")
    for table in TABLES:
        op.execute(f"ALTER TABLE disputes.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE disputes.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY organisation ON disputes.{table} USING ({MAY_SEE})")
