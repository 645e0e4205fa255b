"""The first tables of payments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from libs.common.care.reference import DEFAULT_VISIT_TYPES

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables, and fill the lists that the council may change."""
    op.create_table(
        "charges",
        sa.Column("charge_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("client_reference", sa.Text(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("charge_id"),
        schema="payments",
    )
    op.create_index("charges_of_period", "charges", ["period_start"], unique=False, schema="payments")
    op.create_index(
        "charges_once", "charges", ["client_id", "monday", "ordinal"], unique=True, schema="payments"
    )
    op.create_table(
        "finalisations",
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("finalised_by", sa.Text(), nullable=False),
        sa.Column(
            "finalised_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("contract", "period_start"),
        schema="payments",
    )
    op.create_table(
        "items",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cpli_id", sa.BigInteger(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("client_reference", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("week_version", sa.BigInteger(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("item_id"),
        schema="payments",
    )
    op.create_index(
        "items_of_period", "items", ["period_start", "organisation_id"], unique=False, schema="payments"
    )
    op.create_index(
        "items_once", "items", ["cpli_id", "monday", "series", "ordinal"], unique=True, schema="payments"
    )
    op.create_table(
        "organisations",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id"),
        schema="payments",
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
        schema="payments",
    )
    op.create_index("outbox_lane_id", "outbox", ["lane", "id"], unique=False, schema="payments")
    op.create_table(
        "packages",
        sa.Column("cpli_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("client_reference", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("terms", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.PrimaryKeyConstraint("cpli_id"),
        schema="payments",
    )
    op.create_index("packages_of_client", "packages", ["client_id"], unique=False, schema="payments")
    op.create_table(
        "progress",
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("emitted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("cause_id", "event"),
        schema="payments",
    )
    op.create_table(
        "public_sequences",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream"),
        schema="payments",
    )
    op.create_table(
        "received",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
        schema="payments",
    )
    op.create_table(
        "visit_types",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("charged", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ref"),
        schema="payments",
    )
    op.create_table(
        "weeks",
        sa.Column("cpli_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("terms_version", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("visits", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("priced", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("delivered_seconds", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("frustrated_seconds", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("actual", sa.Numeric(), server_default="0", nullable=False),
        sa.Column("frustrated", sa.Numeric(), server_default="0", nullable=False),
        sa.Column("charged", sa.Numeric(), server_default="0", nullable=False),
        sa.Column("parts", postgresql.JSONB(astext_type=Text()), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("cpli_id", "monday"),
        schema="payments",
    )
    # A body lives for milliseconds: compressing it costs more than it saves.
    op.execute("ALTER TABLE payments.outbox ALTER COLUMN body SET STORAGE EXTERNAL")

    types = sa.table(
        "visit_types", *map(sa.column, ("ref", "paid", "charged", "basis", "version")), schema="payments"
    )
    op.bulk_insert(
        types,
        [
            {
                "ref": kind.ref,
                "paid": kind.paid,
                "charged": kind.charged,
                "basis": kind.basis or "",
                "version": 0,
            }
            for kind in DEFAULT_VISIT_TYPES
        ],
    )
