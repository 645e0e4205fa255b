"""The schema ``ingest`` as it was first released."""

from functools import partial

from alembic import op
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    LargeBinary,
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
from libs.common.sql.migrating import create_messaging_tables, fill_service_levels, show_to_organisation
from services.ingest.schema.migrations.initial.actuals import create_actuals
from services.ingest.schema.migrations.initial.overlaps import create_overlaps

revision = "0001"
down_revision = None

create_table = partial(op.create_table, schema="ingest")


def upgrade() -> None:
    """Create the tables, say who sees their rows, and fill the lists that the council may change."""
    create_messaging_tables("ingest")
    _create_lists()
    _create_files()
    _create_visits()
    create_actuals()
    create_overlaps()
    show_to_organisation("ingest", "visits_files", "visits", "visit_versions", "visit_deletions")
    show_to_organisation("ingest", "carers", "client_references", "set_apart", "weeks_changed")
    show_to_organisation("ingest", "actual_packages", "actuals", "actual_versions", "actuals_files")
    fill_service_levels("ingest")
    _fill_visit_types()


def _create_lists() -> None:
    """Organisations, services, levels and visit types, as matching says them, and by which version of them."""
    create_table(
        "organisations",
        Column("organisation_id", Uuid, primary_key=True),
        Column("name", Text, nullable=False),
        Column("organisation_ref", Text),
        Column("version", BigInteger, nullable=False, server_default="0"),
        Column("visits_version", BigInteger, nullable=False, server_default="0"),
        Column("carers_version", BigInteger, nullable=False, server_default="0"),
        Column("former_names", ARRAY(Text), nullable=False, server_default="{}"),
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
        Index("services_of", "organisation_id"),
    )
    create_table(
        "service_levels",
        Column("folded_name", Text, primary_key=True),
        Column("service_level_ref", Text),
        Column("name", Text, nullable=False),
        Column("requires_visits", Boolean, nullable=False),
        Column("aliases", ARRAY(Text), nullable=False, server_default="{}"),
        Column("version", BigInteger, nullable=False),
    )
    create_table(
        "visit_types",
        Column("ref", Text, primary_key=True),
        Column("delivered", Boolean, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("paid", Boolean, nullable=False),
    )
    create_table(
        "reference_state",
        Column("one_row", Boolean, primary_key=True, server_default="true"),
        Column("version", BigInteger, nullable=False),
    )
    create_table(
        "client_references",
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("reference", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Index("client_references_of", "organisation_id"),
    )


def _create_files() -> None:
    """Carers, and visits files with their checks."""
    create_table(
        "carers",
        Column("organisation_id", Uuid, primary_key=True),
        Column("carer_ref", Text, primary_key=True),
        Column("forename", Text, nullable=False),
        Column("surname", Text, nullable=False),
    )
    create_table(
        "visits_files",
        Column("file_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("file_name", Text, nullable=False),
        Column("object_key", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("refusal_code", Text),
        Column("refusal", Text),
        Column("counts", JSONB),
        Column("check_version", BigInteger, nullable=False, server_default="0"),
        Column("judged_by", JSONB),
        Column("accepts_changes", Boolean, nullable=False, server_default="false"),
        Column("forecast_payable", Numeric),
        Column("file_warnings", JSONB, nullable=False, server_default="[]"),
        Column("uploaded_by", Text, nullable=False),
        Column("uploaded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("confirmed_by", Text),
        Column("confirmed_at", DateTime(timezone=True)),
        Column("confirms_itself", Boolean, nullable=False, server_default="false"),
        Column("forecast_clients", JSONB),
        Column("forecast_failure", Text),
        Column("will_match", JSONB),
        Index("visits_files_by_content", "organisation_id", "sha256"),
    )
    create_table(
        "file_errors",
        Column("file_id", Uuid, primary_key=True),
        Column("position", BigInteger, primary_key=True),
        Column("is_rejection", Boolean, nullable=False),
        Column("row_number", BigInteger, nullable=False),
        Column("visit_ref", Text, nullable=False),
        Column("column_name", Text, nullable=False),
        Column("code", Text, nullable=False),
        Column("message", Text, nullable=False),
        Column("value", Text, nullable=False),
        Column("client", Text, nullable=False, server_default=""),
        Column("planned_date", Text, nullable=False, server_default=""),
        Index(
            "rejected_visits",
            "file_id",
            "visit_ref",
            postgresql_where=text("is_rejection AND visit_ref <> ''"),
        ),
    )
    create_table(
        "staged_visits",
        Column("file_id", Uuid, primary_key=True),
        Column("row_number", BigInteger, primary_key=True),
        Column("action", Text, nullable=False),
        Column("visit_ref", Text(collation="C"), nullable=False),
        *_visit_columns(),
        Index("staged_changes", "file_id", "row_number", postgresql_where=text("action <> 'new'")),
    )
    create_table(
        "unmatched_forecasts",
        Column("file_id", Uuid, primary_key=True),
        Column("row_number", BigInteger, primary_key=True),
        Column("reason", Text, nullable=False),
        Column("amount", Numeric, nullable=False),
    )
    create_table(
        "possible_duplicates",
        Column("file_id", Uuid, primary_key=True),
        Column("row_number", BigInteger, primary_key=True),
        Column("other_ref", Text(collation="C"), nullable=False),
        Column("other_row", BigInteger),
    )


def _create_visits() -> None:
    """Visits, the versions that later ones replaced, why some were deleted, and weeks to look through for doubts."""
    create_table(
        "visits",
        Column("organisation_id", Uuid, primary_key=True),
        Column("visit_ref", Text(collation="C"), primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("deleted", Boolean, nullable=False, server_default="false"),
        Column("file_id", Uuid),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        *_visit_columns(),
        Index("visits_by_day", "organisation_id", "planned_on"),
        Index(
            "visits_of_carers",
            "delivered_on",
            "organisation_id",
            "carer_ref",
            postgresql_where=text("NOT deleted AND carer_ref <> ''"),
        ),
    )
    create_table(
        "visit_versions",
        Column("organisation_id", Uuid, primary_key=True),
        Column("visit_ref", Text(collation="C"), primary_key=True),
        Column("version", BigInteger, primary_key=True),
        Column("deleted", Boolean, nullable=False),
        Column("file_id", Uuid),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        *_visit_columns(),
    )
    create_table(
        "visit_deletions",
        Column("organisation_id", Uuid, primary_key=True),
        Column("visit_ref", Text(collation="C"), primary_key=True),
        Column("version", BigInteger, primary_key=True),
        Column("reason", Text, nullable=False),
    )
    create_table(
        "weeks_changed",
        Column("organisation_id", Uuid, primary_key=True),
        Column("monday", Date, primary_key=True),
        Column("changed_at", DateTime(timezone=True), nullable=False),
    )
    # Drawn while a visit's row is locked, never restarted.
    op.execute("CREATE SEQUENCE ingest.version")


def _visit_columns() -> list[Column]:
    """What a visit says; each table has its own columns."""
    return [
        Column("planned_on", Date),
        Column("planned_entry", BigInteger),
        Column("planned_exit", BigInteger),
        Column("visit_type", Text),
        Column("delivered_on", Date),
        Column("delivered_entry", BigInteger),
        Column("delivered_exit", BigInteger),
        Column("entry_overridden", Boolean),
        Column("entry_override_reason", Text),
        Column("exit_overridden", Boolean),
        Column("exit_override_reason", Text),
        Column("variance_reason", Text),
        Column("comments", Text),
        Column("client_ref", Text),
        Column("ssref", Text),
        Column("nhs_number", Text),
        Column("service_level", Text),
        Column("carer_ref", Text),
        Column("service_ref", Text),
        Column("service_name", Text),
        Column("issues", ARRAY(Text)),
        Column("digest", LargeBinary),
    ]


def _fill_visit_types() -> None:
    op.bulk_insert(
        table("visit_types", *map(column, ("ref", "delivered", "paid", "version")), schema="ingest"),
        [
            {"ref": kind.ref, "delivered": kind.delivered, "paid": kind.paid, "version": 0}
            for kind in DEFAULT_VISIT_TYPES
        ],
    )
