"""The first tables of matching."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from libs.common.care.names import fold
from libs.common.care.reference import DEFAULT_SERVICE_LEVELS, DEFAULT_VISIT_TYPES

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables, and fill the lists that the council may change."""
    op.create_table(
        "care_imports",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("errors", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("reference_version", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("import_id"),
        schema="matching",
    )
    op.create_table(
        "clients",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("ssref", sa.Text(), nullable=True),
        sa.Column("client_ref", sa.Text(), nullable=True),
        sa.Column("nhs_number", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("forename", sa.Text(), server_default="", nullable=False),
        sa.Column("surname", sa.Text(), server_default="", nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("client_id"),
        sa.UniqueConstraint("client_ref", deferrable=True, initially="DEFERRED"),
        sa.UniqueConstraint("nhs_number", deferrable=True, initially="DEFERRED"),
        sa.UniqueConstraint("ssref", deferrable=True, initially="DEFERRED"),
        schema="matching",
    )
    op.create_table(
        "cpli_history",
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("cpli_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("care_row", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
        schema="matching",
    )
    op.create_index("cpli_history_of", "cpli_history", ["cpli_id"], unique=False, schema="matching")
    op.create_table(
        "cpli_terms",
        sa.Column("cpli_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("unit_cost", sa.Numeric(), nullable=False),
        sa.Column("assessed_contribution", sa.Numeric(), nullable=True),
        sa.Column("collected_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cpli_id", "effective_from"),
        schema="matching",
    )
    op.create_table(
        "cplis",
        sa.Column("cpli_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("service_level", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("pricing", sa.Text(), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("authorised", sa.Boolean(), nullable=False),
        sa.Column("timetable", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("suspensions", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("cost_centre", sa.Text(), server_default="", nullable=False),
        sa.Column("subjective", sa.Text(), server_default="", nullable=False),
        sa.Column("service_group_class", sa.Text(), server_default="", nullable=False),
        sa.Column("council_ref", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("cpli_id"),
        schema="matching",
    )
    op.create_index(
        "cplis_by_client", "cplis", ["organisation_id", "client_id"], unique=False, schema="matching"
    )
    op.create_index("cplis_of_client", "cplis", ["client_id"], unique=False, schema="matching")
    op.create_table(
        "organisations",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_ref", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id"),
        sa.UniqueConstraint("folded_name", deferrable=True, initially="DEFERRED"),
        sa.UniqueConstraint("organisation_ref", deferrable=True, initially="DEFERRED"),
        schema="matching",
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
        schema="matching",
    )
    op.create_index("outbox_lane_id", "outbox", ["lane", "id"], unique=False, schema="matching")
    op.create_table(
        "progress",
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("emitted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("cause_id", "event"),
        schema="matching",
    )
    op.create_table(
        "received",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
        schema="matching",
    )
    op.create_table(
        "service_levels",
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("service_level_ref", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("requires_visits", sa.Boolean(), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("folded_name"),
        sa.UniqueConstraint("service_level_ref", deferrable=True, initially="DEFERRED"),
        schema="matching",
    )
    op.create_table(
        "services",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("service_ref", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service_id"),
        sa.UniqueConstraint("organisation_id", "folded_name", deferrable=True, initially="DEFERRED"),
        sa.UniqueConstraint("service_ref", deferrable=True, initially="DEFERRED"),
        schema="matching",
    )
    op.create_table(
        "visit_types",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("charged", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ref"),
        schema="matching",
    )
    op.create_table(
        "visits",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("visit_ref", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("service_ref", sa.Text(), nullable=False),
        sa.Column("service_name", sa.Text(), nullable=False),
        sa.Column("service_level", sa.Text(), nullable=False),
        sa.Column("visit_type", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("planned_entry", sa.BigInteger(), nullable=False),
        sa.Column("planned_exit", sa.BigInteger(), nullable=False),
        sa.Column("delivered_seconds", sa.BigInteger(), nullable=True),
        sa.Column("cpli_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "visit_ref"),
        schema="matching",
    )
    op.create_index(
        "visits_of_client",
        "visits",
        ["client_id", "monday"],
        unique=False,
        schema="matching",
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.create_index(
        "visits_unresolved",
        "visits",
        ["identifier"],
        unique=False,
        schema="matching",
        postgresql_where=sa.text("client_id IS NULL"),
    )
    op.create_table(
        "weeks",
        sa.Column("cpli_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("cpli_id", "monday"),
        schema="matching",
    )
    op.execute("CREATE SEQUENCE matching.version")
    # A body lives for milliseconds: compressing it costs more than it saves.
    op.execute("ALTER TABLE matching.outbox ALTER COLUMN body SET STORAGE EXTERNAL")

    levels = sa.table(
        "service_levels",
        *map(sa.column, ("folded_name", "name", "requires_visits", "aliases", "version")),
        schema="matching",
    )
    op.bulk_insert(
        levels,
        [
            {
                "folded_name": fold(level.name),
                "name": level.name,
                "requires_visits": level.requires_visits,
                "aliases": list(level.aliases),
                "version": 0,
            }
            for level in DEFAULT_SERVICE_LEVELS
        ],
    )

    types = sa.table(
        "visit_types",
        *map(sa.column, ("ref", "name", "delivered", "paid", "charged", "basis", "version")),
        schema="matching",
    )
    op.bulk_insert(
        types,
        [
            {
                "ref": kind.ref,
                "name": kind.name,
                "delivered": kind.delivered,
                "paid": kind.paid,
                "charged": kind.charged,
                "basis": kind.basis or "",
                "version": 0,
            }
            for kind in DEFAULT_VISIT_TYPES
        ],
    )
