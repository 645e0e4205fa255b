"""What measures are taken by, and what is counted by day."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Identity, Index, Numeric, Text, Uuid, func

create_table = partial(op.create_table, schema="matching")
COUNTED = (
    "delivered",
    "delivered_singly",
    "logged",
    "under_30",
    "frustrated",
    "cancelled",
    "hospital",
    "slots_wanted",
    "missed",
    "counted_as_missed",
    "late",
    "early",
    "very_late",
    "short",
    "critical_wanted",
    "critical_kept",
    "delivered_seconds",
)


def create_measures() -> None:
    """Thresholds, and what is monitored by total hours."""
    create_table(
        "measure_thresholds",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("name", Text, nullable=False),
        Column("effective_from", Date, nullable=False),
        Column("value", BigInteger, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    create_table(
        "one_diaries",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("about", Text, nullable=False),
        Column("is_one_diary", Boolean, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("one_diaries_of", "about", "change_id"),
    )


def create_counts() -> None:
    """What is counted of organisations' days and weeks, and which of these are stale."""
    create_table(
        "stale_weeks",
        Column("mark", BigInteger, Identity(), primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("monday", Date, nullable=False),
        Column("marked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("stale_weeks_of", "organisation_id", "monday"),
    )
    create_table(
        "measured_days",
        Column("organisation_id", Uuid, primary_key=True),
        Column("day", Date, primary_key=True),
        Column("monday", Date, nullable=False),
        Column("has_visits", Boolean, nullable=False),
        *(Column(name, BigInteger, nullable=False) for name in COUNTED),
        Column("hours_numerator", Numeric, nullable=False),
        Column("hours_denominator", Numeric, nullable=False),
    )
    create_table(
        "measured_carers",
        Column("organisation_id", Uuid, primary_key=True),
        Column("monday", Date, primary_key=True),
        Column("client_id", Uuid, primary_key=True),
        Column("carer_ref", Text(collation="C"), primary_key=True),
        Column("weekdays", BigInteger, nullable=False),
    )
    create_table(
        "measured_deliveries",
        Column("organisation_id", Uuid, primary_key=True),
        Column("monday", Date, primary_key=True),
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("seconds", BigInteger, nullable=False),
    )
