"""What matching says of care, weeks in money, and what is decided about them."""

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

create_table = partial(op.create_table, schema="payments")


def create_lists() -> None:
    """What matching says: organisations, visit types, packages, merged clients; and pay rules of contracts."""
    create_table(
        "organisations",
        Column("organisation_id", Uuid, primary_key=True),
        Column("name", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("former_names", ARRAY(Text), nullable=False, server_default="{}"),
    )
    create_table(
        "visit_types",
        Column("ref", Text, primary_key=True),
        Column("paid", Boolean, nullable=False),
        Column("charged", Boolean, nullable=False),
        Column("basis", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("later", JSONB, nullable=False, server_default="[]"),
    )
    create_table(
        "packages",
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("version", BigInteger, nullable=False),
        Column("client_id", Uuid, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("contract", Text, nullable=False),
        Column("start_on", Date, nullable=False),
        Column("end_on", Date),
        Column("terms", JSONB, nullable=False),
        Column("unit", Text, nullable=False, server_default=""),
        Column("frequency", Text, nullable=False, server_default=""),
        Column("authorised", Boolean, nullable=False, server_default="true"),
        Column("service_level", Text, nullable=False, server_default=""),
        Column("plan", JSONB, nullable=False, server_default="{}"),
        Column("service", Text, nullable=False, server_default=""),
        Column("payment_method", Text, nullable=False, server_default=""),
        Index(
            "one_offs_of_client",
            "client_id",
            postgresql_where=text("unit = 'Payment' AND frequency = 'One-off'"),
        ),
        Index("packages_of_client", "client_id"),
        Index("packages_of_contract", "contract", "organisation_id"),
    )
    create_table(
        "merged_clients",
        Column("client_id", Uuid, primary_key=True),
        Column("into_client_id", Uuid, nullable=False),
        Index("merged_into", "into_client_id"),
    )
    create_table(
        "pay_rules",
        Column("set_id", BigInteger, Identity(), primary_key=True),
        Column("contract", Text, nullable=False),
        Column("effective_from", Date, nullable=False),
        Column("rules", JSONB, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("pay_rules_of_contract", "contract", "effective_from", "set_id"),
    )


def fill_visit_types() -> None:
    """How the visit types that a council starts with are paid and charged; it may change them."""
    op.bulk_insert(
        table("visit_types", *map(column, ("ref", "paid", "charged", "basis", "version")), schema="payments"),
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


def create_weeks() -> None:
    """Weeks in money, holds of weeks, and the stays that accepted claims pay for."""
    create_table(
        "weeks",
        Column("cpli_id", BigInteger, primary_key=True),
        Column("monday", Date, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("terms_version", BigInteger, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("visits", JSONB, nullable=False),
        Column("lines", JSONB),
        Column("priced", Boolean, nullable=False, server_default="false"),
        Column("delivered_seconds", BigInteger, nullable=False, server_default="0"),
        Column("frustrated_seconds", BigInteger, nullable=False, server_default="0"),
        Column("actual", Numeric, nullable=False, server_default="0"),
        Column("frustrated", Numeric, nullable=False, server_default="0"),
        Column("charged", Numeric, nullable=False, server_default="0"),
        Column("parts", JSONB, nullable=False, server_default="[]"),
        Column("steps", JSONB),
        Index(
            "weeks_of_monday",
            "monday",
            "organisation_id",
            postgresql_include=["cpli_id", "delivered_seconds", "frustrated_seconds"],
            postgresql_where=text("priced AND (lines IS NOT NULL OR jsonb_array_length(visits) > 0)"),
        ),
    )
    create_table(
        "week_holds",
        Column("hold_id", Uuid, primary_key=True),
        Column("cpli_id", BigInteger, nullable=False),
        Column("monday", Date, nullable=False),
        Column("ordinal", BigInteger, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("client_id", Uuid, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("pays_from", Date),
        Column("charge", Text, nullable=False),
        Column("released", Numeric, nullable=False),
        Column("reason", Text, nullable=False),
        Column("owner", Text, nullable=False),
        Column("placed_by", Text, nullable=False),
        Column("placed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("week_holds_once", "cpli_id", "monday", "ordinal", unique=True),
    )
    create_table(
        "claimed_stays",
        Column("item_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("client_id", Uuid, nullable=False),
        Column("admitted_on", Date, nullable=False),
        Column("discharged_on", Date, nullable=False),
        Index("claimed_stays_of_client", "client_id"),
    )
