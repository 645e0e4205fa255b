"""The first tables of ingest."""

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
        "carers",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("carer_ref", sa.Text(), nullable=False),
        sa.Column("forename", sa.Text(), nullable=False),
        sa.Column("surname", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "carer_ref"),
        schema="ingest",
    )
    op.create_table(
        "file_errors",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_rejection", sa.Boolean(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("visit_ref", sa.Text(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "position"),
        schema="ingest",
    )
    op.create_table(
        "organisations",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_ref", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("visits_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("carers_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("organisation_id"),
        schema="ingest",
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
        schema="ingest",
    )
    op.create_index("outbox_lane_id", "outbox", ["lane", "id"], unique=False, schema="ingest")
    op.create_table(
        "progress",
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("emitted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("cause_id", "event"),
        schema="ingest",
    )
    op.create_table(
        "received",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
        schema="ingest",
    )
    op.create_table(
        "reference_state",
        sa.Column("one_row", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("one_row"),
        schema="ingest",
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
        schema="ingest",
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
        schema="ingest",
    )
    op.create_index("services_of", "services", ["organisation_id"], unique=False, schema="ingest")
    op.create_table(
        "staged_visits",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("visit_ref", sa.Text(collation="C"), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_entry", sa.BigInteger(), nullable=True),
        sa.Column("planned_exit", sa.BigInteger(), nullable=True),
        sa.Column("visit_type", sa.Text(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delivered_entry", sa.BigInteger(), nullable=True),
        sa.Column("delivered_exit", sa.BigInteger(), nullable=True),
        sa.Column("entry_overridden", sa.Boolean(), nullable=True),
        sa.Column("entry_override_reason", sa.Text(), nullable=True),
        sa.Column("exit_overridden", sa.Boolean(), nullable=True),
        sa.Column("exit_override_reason", sa.Text(), nullable=True),
        sa.Column("variance_reason", sa.Text(), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("client_ref", sa.Text(), nullable=True),
        sa.Column("ssref", sa.Text(), nullable=True),
        sa.Column("nhs_number", sa.Text(), nullable=True),
        sa.Column("service_level", sa.Text(), nullable=True),
        sa.Column("carer_ref", sa.Text(), nullable=True),
        sa.Column("service_ref", sa.Text(), nullable=True),
        sa.Column("service_name", sa.Text(), nullable=True),
        sa.Column("issues", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("file_id", "row_number"),
        schema="ingest",
    )
    op.create_table(
        "visit_types",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ref"),
        schema="ingest",
    )
    op.create_table(
        "visit_versions",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("visit_ref", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_entry", sa.BigInteger(), nullable=True),
        sa.Column("planned_exit", sa.BigInteger(), nullable=True),
        sa.Column("visit_type", sa.Text(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delivered_entry", sa.BigInteger(), nullable=True),
        sa.Column("delivered_exit", sa.BigInteger(), nullable=True),
        sa.Column("entry_overridden", sa.Boolean(), nullable=True),
        sa.Column("entry_override_reason", sa.Text(), nullable=True),
        sa.Column("exit_overridden", sa.Boolean(), nullable=True),
        sa.Column("exit_override_reason", sa.Text(), nullable=True),
        sa.Column("variance_reason", sa.Text(), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("client_ref", sa.Text(), nullable=True),
        sa.Column("ssref", sa.Text(), nullable=True),
        sa.Column("nhs_number", sa.Text(), nullable=True),
        sa.Column("service_level", sa.Text(), nullable=True),
        sa.Column("carer_ref", sa.Text(), nullable=True),
        sa.Column("service_ref", sa.Text(), nullable=True),
        sa.Column("service_name", sa.Text(), nullable=True),
        sa.Column("issues", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "visit_ref", "version"),
        schema="ingest",
    )
    op.create_table(
        "visits",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("visit_ref", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_entry", sa.BigInteger(), nullable=True),
        sa.Column("planned_exit", sa.BigInteger(), nullable=True),
        sa.Column("visit_type", sa.Text(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delivered_entry", sa.BigInteger(), nullable=True),
        sa.Column("delivered_exit", sa.BigInteger(), nullable=True),
        sa.Column("entry_overridden", sa.Boolean(), nullable=True),
        sa.Column("entry_override_reason", sa.Text(), nullable=True),
        sa.Column("exit_overridden", sa.Boolean(), nullable=True),
        sa.Column("exit_override_reason", sa.Text(), nullable=True),
        sa.Column("variance_reason", sa.Text(), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("client_ref", sa.Text(), nullable=True),
        sa.Column("ssref", sa.Text(), nullable=True),
        sa.Column("nhs_number", sa.Text(), nullable=True),
        sa.Column("service_level", sa.Text(), nullable=True),
        sa.Column("carer_ref", sa.Text(), nullable=True),
        sa.Column("service_ref", sa.Text(), nullable=True),
        sa.Column("service_name", sa.Text(), nullable=True),
        sa.Column("issues", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "visit_ref"),
        schema="ingest",
    )
    op.create_table(
        "visits_files",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("refusal_code", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("check_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("judged_by", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("accepts_changes", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("forecast_payable", sa.Numeric(), nullable=True),
        sa.Column("file_warnings", postgresql.JSONB(astext_type=Text()), server_default="[]", nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("file_id"),
        schema="ingest",
    )
    op.create_index(
        "visits_files_by_content",
        "visits_files",
        ["organisation_id", "sha256"],
        unique=False,
        schema="ingest",
    )
    op.execute("CREATE SEQUENCE ingest.version")
    # A body lives for milliseconds: compressing it costs more than it saves.
    op.execute("ALTER TABLE ingest.outbox ALTER COLUMN body SET STORAGE EXTERNAL")

    levels = sa.table(
        "service_levels",
        *map(sa.column, ("folded_name", "name", "requires_visits", "aliases", "version")),
        schema="ingest",
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

    types = sa.table("visit_types", *map(sa.column, ("ref", "delivered", "version")), schema="ingest")
    op.bulk_insert(
        types, [{"ref": kind.ref, "delivered": kind.delivered, "version": 0} for kind in DEFAULT_VISIT_TYPES]
    )
