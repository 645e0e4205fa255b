"""Actuals: the care that is paid by them, what was entered, a contract's extra rules, and files of them."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Identity, Index, Numeric, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

create_table = partial(op.create_table, schema="ingest")


def create_actuals() -> None:
    """Create the tables of what providers enter week by week (RULES 13)."""
    create_table(
        "actual_packages",
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("version", BigInteger, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("client_id", Uuid, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("ssref", Text, nullable=False),
        Column("service_id", Uuid, nullable=False),
        Column("service_level", Text, nullable=False),
        Column("contract", Text, nullable=False),
        Column("start_on", Date, nullable=False),
        Column("end_on", Date),
        Column("unit", Text, nullable=False),
        Column("authorised", Boolean, nullable=False),
        Column("payment_method", Text, nullable=False),
        Column("terms", JSONB, nullable=False),
        Column("plan", JSONB, nullable=False),
        Index("actual_packages_of", "organisation_id", "contract"),
    )
    _create_weeks()
    create_table(
        "actual_rules",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("contract", Text, nullable=False),
        Column("effective_from", Date, nullable=False),
        Column("unit_minutes", BigInteger),
        Column("wants_comment", Boolean, nullable=False),
        Column("wants_visits", Boolean, nullable=False),
        Column("tolerance_percent", Numeric, nullable=False),
        Column("confirm_weekday", BigInteger),
        Column("confirm_hour", BigInteger),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("actual_rules_of", "contract", "effective_from", "change_id"),
    )
    _create_files()


def _create_weeks() -> None:
    create_table(
        "actuals",
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("monday", Date, primary_key=True),
        Column("version", BigInteger, nullable=False),
        *_columns_of_a_week(),
        Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("actuals_of_weeks", "organisation_id", "monday"),
    )
    create_table(
        "actual_versions",
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("monday", Date, primary_key=True),
        Column("version", BigInteger, primary_key=True, autoincrement=False),
        *_columns_of_a_week(),
        Column("changed_at", DateTime(timezone=True), nullable=False),
    )


def _columns_of_a_week() -> list[Column]:
    return [
        Column("organisation_id", Uuid, nullable=False),
        Column("state", Text, nullable=False),
        Column("lines", JSONB, nullable=False),
        Column("reason", Text, nullable=False, server_default=""),
        Column("file_id", Uuid),
        Column("changed_by", Text, nullable=False),
    ]


def _create_files() -> None:
    create_table(
        "actuals_files",
        Column("file_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("file_name", Text, nullable=False),
        Column("object_key", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("refusal_code", Text),
        Column("refusal", Text),
        Column("counts", JSONB),
        Column("check_version", BigInteger, nullable=False, server_default="0"),
        Column("accepts_changes", Boolean, nullable=False, server_default="false"),
        Column("confirms_itself", Boolean, nullable=False, server_default="false"),
        Column("forecast_payable", Numeric),
        Column("file_warnings", JSONB, nullable=False, server_default="[]"),
        Column("uploaded_by", Text, nullable=False),
        Column("uploaded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("confirmed_by", Text),
        Column("confirmed_at", DateTime(timezone=True)),
        Index("actuals_files_of", "organisation_id", "uploaded_at"),
    )
