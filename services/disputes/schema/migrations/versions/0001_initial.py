"""The schema ``disputes`` as it was first released."""

from functools import partial

from alembic import op
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    column,
    func,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.care.concerns import FIRST_KINDS
from libs.common.care.names import fold
from libs.common.sql.migrating import (
    create_messaging_tables,
    show_to_addressee,
    show_to_commissioning,
    show_to_council,
    show_to_organisation,
)
from services.disputes.schema.migrations.initial.kpis import create_kpis
from services.disputes.schema.migrations.initial.offers import create_offers

revision = "0001"
down_revision = None

create_table = partial(op.create_table, schema="disputes")


def upgrade() -> None:
    """Create the tables, and say who sees their rows."""
    create_messaging_tables("disputes")
    _create_cases()
    _create_claims()
    _create_doubts()
    create_kpis()
    create_offers()
    _create_concerns()
    _create_breach_notices()
    _create_lists_of_concerns()
    show_to_organisation("disputes", "cases", "messages", "attachments", "dispute_visits", "set_apart")
    show_to_organisation("disputes", "claim_items", "claim_workings")
    show_to_council("disputes", "doubts", "doubt_looks", "samples", "concern_kinds")
    show_to_commissioning("disputes", "concerns", "concern_steps", "concern_files", "concern_groups")
    show_to_addressee("disputes", "breach_notices", "breach_answers", "breach_files")
    show_to_organisation("disputes", "offers", "offer_answers")
    show_to_council("disputes", "requisitions", "requisition_places", "requisition_skips", "requisition_ends")


def _create_cases() -> None:
    """Cases, their conversations and attachments, and the visits that disputes are about."""
    create_table(
        "cases",
        Column("case_id", Uuid, primary_key=True),
        Column("number", BigInteger, Identity(), nullable=False),
        Column("kind", Text, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("state", Text, nullable=False),
        Column("turn", Text, nullable=False),
        Column("due_at", DateTime(timezone=True)),
        Column("subject", Text, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("cpli_id", BigInteger),
        Column("first_on", Date),
        Column("last_on", Date),
        Column("facts", JSONB, nullable=False),
        Column("opened_by", Text, nullable=False),
        Column("opened_at", DateTime(timezone=True), nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Index("cases_numbered", "number", unique=True),
        Index("cases_of_kind", "kind", "state", "opened_at", "case_id"),
        Index("cases_of_organisation", "organisation_id", "kind", "opened_at", "case_id"),
    )
    create_table(
        "messages",
        Column("message_id", Uuid, primary_key=True),
        Column("case_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("ordinal", BigInteger, nullable=False),
        Column("side", Text, nullable=False),
        Column("said_by", Text, nullable=False),
        Column("said_at", DateTime(timezone=True), nullable=False),
        Column("move", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("words", Text, nullable=False),
        UniqueConstraint("case_id", "ordinal", name="messages_once"),
    )
    create_table(
        "attachments",
        Column("attachment_id", Uuid, primary_key=True),
        Column("case_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("message_id", Uuid, nullable=False),
        Column("name", Text, nullable=False),
        Column("content_type", Text, nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("object_key", Text, nullable=False),
        Column("side", Text, nullable=False),
        Column("added_by", Text, nullable=False),
        Column("added_at", DateTime(timezone=True), nullable=False),
        Index("attachments_of_case", "case_id", "added_at"),
    )
    create_table(
        "dispute_visits",
        Column("case_id", Uuid, primary_key=True),
        Column("visit_ref", Text(collation="C"), primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("snapshot", JSONB, nullable=False),
        Index("disputes_of_visit", "organisation_id", "visit_ref"),
    )


def _create_claims() -> None:
    """One-off claims: their items with all that was changed of them, and what was worked out beside each."""
    create_table(
        "claim_items",
        Column("version_id", Uuid, primary_key=True),
        Column("item_id", Uuid, nullable=False),
        Column("ordinal", BigInteger, nullable=False),
        Column("case_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("description", Text, nullable=False),
        Column("service_level", Text, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("amount", Numeric, nullable=False),
        Column("admitted_on", Date, nullable=False),
        Column("resumed_on", Date),
        Column("told_on", Date),
        Column("is_planned_respite", Boolean, nullable=False),
        Column("la_note", Text, nullable=False),
        Column("is_included", Boolean, nullable=False),
        Column("is_removed", Boolean, nullable=False),
        Column("side", Text, nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("item_id", "ordinal", name="claim_items_once"),
        Index("claim_items_of_case", "case_id"),
        Index("claim_items_of_client", "organisation_id", "client_reference"),
    )
    create_table(
        "claim_workings",
        Column("item_id", Uuid, primary_key=True),
        Column("ordinal", BigInteger, primary_key=True),
        Column("case_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("message_id", Uuid),
        Column("working", JSONB, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Index("claim_workings_of_case", "case_id"),
    )


def _create_doubts() -> None:
    """Doubts about visits, the looks that found them, and samples."""
    create_table(
        "doubts",
        Column("doubt_id", Uuid, primary_key=True),
        Column("finder", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("monday", Date, nullable=False),
        Column("kind", Text, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("cpli_id", BigInteger),
        Column("visits", ARRAY(Text), nullable=False),
        Column("first_on", Date, nullable=False),
        Column("last_on", Date, nullable=False),
        Column("evidence", JSONB, nullable=False),
        Column("state", Text, nullable=False),
        Column("found_at", DateTime(timezone=True), nullable=False),
        Column("settled_by", Text),
        Column("settled_at", DateTime(timezone=True)),
        Column("settled_why", Text),
        Column("case_id", Uuid),
        Column("sample_id", Uuid),
        Index("doubts_of_sample", "sample_id", postgresql_where=text("sample_id IS NOT NULL")),
        Index("doubts_of_week", "monday", "state", "organisation_id"),
        Index("doubts_proposed", "monday", postgresql_where=text("state = 'proposed' AND sample_id IS NULL")),
    )
    create_table(
        "doubt_looks",
        Column("finder", Text, primary_key=True),
        Column("monday", Date, primary_key=True),
        Column("organisation_id", Uuid, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("looked_at", DateTime(timezone=True), nullable=False),
        Column("silent_visits", ARRAY(Text), nullable=False, server_default="{}"),
    )
    create_table(
        "samples",
        Column("sample_id", Uuid, primary_key=True),
        Column("monday", Date, nullable=False),
        Column("organisation_id", Uuid),
        Column("way", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("seed", Text, nullable=False),
        Column("out_of", BigInteger, nullable=False),
        Column("picked_by", Text, nullable=False),
        Column("picked_at", DateTime(timezone=True), nullable=False),
        Index("samples_of_week", "monday", "picked_at"),
    )


def _create_concerns() -> None:
    """Concerns, their history and their evidence."""
    create_table(
        "concerns",
        Column("concern_id", Uuid, primary_key=True),
        Column("number", BigInteger, Identity(), nullable=False),
        Column("kind", Text, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("cpli_id", BigInteger),
        Column("visits", ARRAY(Text), nullable=False),
        Column("source", Text, nullable=False),
        Column("about_kind", Text, nullable=False),
        Column("about_id", Text, nullable=False),
        Column("happened_on", Date),
        Column("received_on", Date, nullable=False),
        Column("state", Text, nullable=False),
        Column("referred_to", Text, nullable=False),
        Column("ended_in", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("raised_by", Text, nullable=False),
        Column("raised_at", DateTime(timezone=True), nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Index("concerns_numbered", "number", unique=True),
        Index("concerns_by_time", "raised_at", "concern_id"),
        Index("concerns_by_day", "received_on", "organisation_id"),
    )
    create_table(
        "concern_steps",
        Column("step_id", Uuid, primary_key=True),
        Column("concern_id", Uuid, nullable=False),
        Column("ordinal", BigInteger, nullable=False),
        Column("move", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("words", Text, nullable=False),
        Column("done_by", Text, nullable=False),
        Column("done_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("concern_id", "ordinal", name="concern_steps_once"),
    )
    create_table(
        "concern_files",
        Column("concern_file_id", Uuid, primary_key=True),
        Column("concern_id", Uuid, nullable=False),
        Column("of_id", Uuid, nullable=False),
        *_columns_of_files(),
        Index("concern_files_of", "concern_id", "added_at"),
    )


def _create_breach_notices() -> None:
    """Breach notices, and what providers answered."""
    create_table(
        "breach_notices",
        Column("notice_id", Uuid, primary_key=True),
        Column("number", BigInteger, Identity(), nullable=False),
        Column("concern_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("kind", Text, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("words", Text, nullable=False),
        Column("visits", JSONB, nullable=False),
        Column("due_on", Date, nullable=False),
        Column("state", Text, nullable=False),
        Column("council_words", Text, nullable=False),
        Column("sent_by", Text, nullable=False),
        Column("sent_on", Date, nullable=False),
        Column("sent_at", DateTime(timezone=True), nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Index("breach_notices_numbered", "number", unique=True),
        Index("breach_notices_of_concern", "concern_id", "sent_at"),
        Index("breach_notices_of_organisation", "organisation_id", "sent_at", "notice_id"),
    )
    create_table(
        "breach_answers",
        Column("answer_id", Uuid, primary_key=True),
        Column("notice_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("words", Text, nullable=False),
        Column("is_late", Boolean, nullable=False),
        Column("said_by", Text, nullable=False),
        Column("said_at", DateTime(timezone=True), nullable=False),
        Index("breach_answers_of", "notice_id", "said_at"),
    )
    create_table(
        "breach_files",
        Column("concern_file_id", Uuid, primary_key=True),
        Column("notice_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("of_id", Uuid, nullable=False),
        *_columns_of_files(),
        Index("breach_files_of", "notice_id", "added_at"),
    )


def _columns_of_files() -> list[Column]:
    return [
        Column("name", Text, nullable=False),
        Column("content_type", Text, nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("object_key", Text, nullable=False),
        Column("added_by", Text, nullable=False),
        Column("added_at", DateTime(timezone=True), nullable=False),
    ]


def _create_lists_of_concerns() -> None:
    """Kinds of concerns, filled with those that a council starts with, and groups of providers."""
    create_table(
        "concern_kinds",
        Column("name", Text, primary_key=True),
        Column("folded_name", Text, nullable=False),
        Column("added_by", Text, nullable=False),
        Column("added_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("retired_by", Text),
        Column("retired_at", DateTime(timezone=True)),
        Index("concern_kinds_folded", "folded_name", unique=True),
    )
    op.bulk_insert(
        table("concern_kinds", *map(column, ("name", "folded_name", "added_by")), schema="disputes"),
        [{"name": name, "folded_name": fold(name), "added_by": "system"} for name in FIRST_KINDS],
    )
    create_table(
        "concern_groups",
        Column("group_id", Uuid, primary_key=True),
        Column("name", Text, nullable=False),
        Column("folded_name", Text, nullable=False),
        Column("organisation_ids", ARRAY(Uuid), nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Index("concern_groups_folded", "folded_name", unique=True),
    )
