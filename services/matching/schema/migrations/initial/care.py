"""The council's lists, commissioned care, and the visits that are matched to it."""

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
    Uuid,
    column,
    func,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.care.reference import DEFAULT_VISIT_TYPES
from services.matching.schema.migrations.initial.constraints import unique_at_commit

create_table = partial(op.create_table, schema="matching")


def create_lists() -> None:
    """Organisations, services, levels and visit types: what the council keeps."""
    create_table(
        "organisations",
        Column("organisation_id", Uuid, primary_key=True),
        Column("organisation_ref", Text),
        Column("name", Text, nullable=False),
        Column("folded_name", Text, nullable=False),
        Column("address", Text, nullable=False, server_default=""),
        Column("version", BigInteger, nullable=False),
        Column("former_names", ARRAY(Text), nullable=False, server_default="{}"),
        unique_at_commit("folded_name"),
        unique_at_commit("organisation_ref"),
    )
    create_table(
        "services",
        Column("service_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("service_ref", Text),
        Column("name", Text, nullable=False),
        Column("folded_name", Text, nullable=False),
        Column("contract", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("former_names", ARRAY(Text), nullable=False, server_default="{}"),
        unique_at_commit("organisation_id", "folded_name"),
        unique_at_commit("service_ref"),
    )
    create_table(
        "service_levels",
        Column("folded_name", Text, primary_key=True),
        Column("service_level_ref", Text),
        Column("name", Text, nullable=False),
        Column("requires_visits", Boolean, nullable=False),
        Column("aliases", ARRAY(Text), nullable=False, server_default="{}"),
        Column("version", BigInteger, nullable=False),
        unique_at_commit("service_level_ref"),
    )
    create_table(
        "visit_types",
        Column("ref", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("delivered", Boolean, nullable=False),
        Column("paid", Boolean, nullable=False),
        Column("charged", Boolean, nullable=False),
        Column("basis", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
    )
    create_table(
        "visit_type_changes",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("ref", Text, nullable=False),
        Column("effective_from", Date, nullable=False),
        Column("paid", Boolean, nullable=False),
        Column("charged", Boolean, nullable=False),
        Column("basis", Text, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("visit_type_changes_of", "ref", "effective_from", "change_id"),
    )


def fill_visit_types() -> None:
    """The visit types that a council starts with; it may change them."""
    names = ("ref", "name", "delivered", "paid", "charged", "basis", "version")
    op.bulk_insert(
        table("visit_types", *map(column, names), schema="matching"),
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


def create_care() -> None:
    """Care package line items, their terms and history, and the files that they came from."""
    create_table(
        "cplis",
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("version", BigInteger, nullable=False),
        Column("client_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("service_id", Uuid, nullable=False),
        Column("service_level", Text, nullable=False),
        Column("start_on", Date, nullable=False),
        Column("end_on", Date),
        Column("unit", Text, nullable=False),
        Column("frequency", Text, nullable=False),
        Column("pricing", Text, nullable=False),
        Column("payment_method", Text, nullable=False),
        Column("authorised", Boolean, nullable=False),
        Column("timetable", JSONB, nullable=False),
        Column("critical_slots", JSONB, nullable=False, server_default="[]"),
        Column("suspensions", JSONB, nullable=False),
        Column("cost_centre", Text, nullable=False, server_default=""),
        Column("subjective", Text, nullable=False, server_default=""),
        Column("service_group_class", Text, nullable=False, server_default=""),
        Column("council_ref", Text, nullable=False, server_default=""),
        Index("cplis_by_client", "organisation_id", "client_id"),
        Index("cplis_by_written_id", text('(cpli_id::text) COLLATE "C"')),
        Index("cplis_of_client", "client_id"),
    )
    create_table(
        "cpli_terms",
        Column("cpli_id", BigInteger, primary_key=True),
        Column("effective_from", Date, primary_key=True),
        Column("quantity", Numeric, nullable=False),
        Column("unit_cost", Numeric, nullable=False),
        Column("assessed_contribution", Numeric),
        Column("collected_by", Text, nullable=False),
    )
    create_table(
        "cpli_history",
        Column("entry_id", BigInteger, primary_key=True),
        Column("cpli_id", BigInteger, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("care_row", JSONB, nullable=False),
        Column("imported_by", Text, nullable=False),
        Column("imported_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("cause_id", Uuid, nullable=False),
        Index("cpli_history_of", "cpli_id"),
    )
    create_table(
        "care_imports",
        Column("import_id", Uuid, primary_key=True),
        Column("object_key", Text, nullable=False),
        Column("file_name", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("imported_by", Text, nullable=False),
        Column("imported_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("refusal", Text),
        Column("counts", JSONB),
        Column("errors", JSONB),
        Column("errors_left_out", BigInteger, nullable=False, server_default="0"),
        Column("reference_version", BigInteger),
        Column("check_version", BigInteger, nullable=False, server_default="0"),
        Column("changes", JSONB),
        Column("also_changed", JSONB),
        Column("confirmed_by", Text),
        Column("confirmed_at", DateTime(timezone=True)),
        Column("forecast", JSONB),
        Column("notes", JSONB),
        Column("renamed", JSONB),
        Column("failed_in", Text),
        Index("care_imports_by_time", text("imported_at DESC"), "import_id"),
    )


def create_visits() -> None:
    """The replicas of the visits with their matches and of actuals, and the versions of weeks."""
    create_table(
        "visits",
        Column("organisation_id", Uuid, primary_key=True),
        Column("visit_ref", Text(collation="C"), primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("deleted", Boolean, nullable=False),
        Column("identifier", Text, nullable=False),
        Column("client_id", Uuid),
        Column("service_ref", Text, nullable=False),
        Column("service_name", Text, nullable=False),
        Column("service_level", Text, nullable=False),
        Column("written_service", Text, nullable=False),
        Column("written_level", Text, nullable=False),
        Column("visit_type", Text, nullable=False),
        Column("planned_on", Date, nullable=False),
        Column("monday", Date, nullable=False),
        Column("planned_entry", BigInteger, nullable=False),
        Column("planned_exit", BigInteger, nullable=False),
        Column("delivered_seconds", BigInteger),
        Column("delivered_entry", BigInteger),
        Column("entry_overridden", Boolean, nullable=False),
        Column("exit_overridden", Boolean, nullable=False),
        Column("carer_ref", Text, nullable=False),
        Column("cpli_id", BigInteger),
        Column("reason", Text),
        Index("visits_of_client", "client_id", "monday", postgresql_where=text("client_id IS NOT NULL")),
        Index(
            "visits_unmatched",
            "planned_on",
            "organisation_id",
            "visit_ref",
            postgresql_include=["reason", "planned_entry"],
            postgresql_where=text("reason IS NOT NULL AND NOT deleted"),
        ),
        Index(
            "visits_unmatched_of",
            "organisation_id",
            "reason",
            "planned_on",
            "visit_ref",
            postgresql_where=text("reason IS NOT NULL AND NOT deleted"),
        ),
        Index("visits_planned", "organisation_id", "planned_on", postgresql_where=text("NOT deleted")),
        Index("visits_unresolved", "identifier", postgresql_where=text("client_id IS NULL")),
    )
    create_table(
        "weeks",
        Column("cpli_id", BigInteger, primary_key=True),
        Column("monday", Date, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
    )
    create_table(
        "actuals",
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("monday", Date, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("lines", JSONB, nullable=False),
        Index("actuals_of", "organisation_id"),
    )
    op.execute("CREATE SEQUENCE matching.version")
