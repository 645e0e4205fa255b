"""Invoices and credit notes, and what contracts and services say about them."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Index, Numeric, Text, Uuid, func, text

create_table = partial(op.create_table, schema="payments")


def create_invoices() -> None:
    """Terms of contracts, VAT rates of services, invoices, their lines, changes and steps."""
    _create_settings()
    create_table(
        "invoices",
        Column("invoice_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("contract", Text, nullable=False),
        Column("period_start", Date, nullable=False),
        Column("kind", Text, nullable=False),
        Column("number", Text, nullable=False),
        Column("number_key", Text, nullable=False),
        Column("credits_id", Uuid),
        Column("state", Text, nullable=False),
        Column("net", Numeric, nullable=False),
        Column("vat", Numeric, nullable=False),
        Column("gross", Numeric, nullable=False),
        Column("reason", Text, nullable=False, server_default=""),
        Column("vat_number", Text, nullable=False, server_default=""),
        Column("attachment_key", Text, nullable=False, server_default=""),
        Column("attachment_name", Text, nullable=False, server_default=""),
        Column("posted_in", Date),
        Column("made_by", Text, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("invoices_by_number", "organisation_id", "number_key", unique=True),
        Index(
            "one_open_invoice",
            "organisation_id",
            "contract",
            "period_start",
            unique=True,
            postgresql_where=text("kind = 'invoice' AND state IN ('Unsubmitted', 'Pending')"),
        ),
        Index("invoices_of_period", "period_start", "organisation_id"),
        Index("credits_of_invoice", "credits_id"),
    )
    _create_lines()


def _create_settings() -> None:
    create_table(
        "contract_terms",
        Column("terms_id", BigInteger, Identity(), primary_key=True),
        Column("contract", Text, nullable=False),
        Column("from_period", Date, nullable=False),
        Column("terms", Text, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("terms_of_contract", "contract", "from_period", "terms_id"),
    )
    create_table(
        "service_vat_rates",
        Column("rate_id", BigInteger, Identity(), primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("folded_service", Text, nullable=False),
        Column("service", Text, nullable=False),
        Column("rate", Numeric, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("vat_rates_of_service", "organisation_id", "folded_service", "rate_id"),
    )


def _create_lines() -> None:
    create_table(
        "invoice_lines",
        Column("invoice_id", Uuid, primary_key=True),
        Column("cpli_id", BigInteger, primary_key=True, autoincrement=False),
        Column("monday", Date, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("client_id", Uuid, nullable=False),
        Column("client_reference", Text, nullable=False),
        Column("service", Text, nullable=False),
        Column("amount", Numeric, nullable=False),
        Column("vat_rate", Numeric, nullable=False),
        Index("invoice_lines_of_week", "cpli_id", "monday"),
    )
    create_table(
        "invoice_changes",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("invoice_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("cpli_id", BigInteger, nullable=False),
        Column("monday", Date, nullable=False),
        Column("kind", Text, nullable=False),
        Column("before", Numeric, nullable=False),
        Column("after", Numeric, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("changes_of_invoice", "invoice_id", "change_id"),
    )
    create_table(
        "invoice_steps",
        Column("step_id", BigInteger, Identity(), primary_key=True),
        Column("invoice_id", Uuid, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("done_by", Text, nullable=False),
        Column("move_id", Uuid),
        Column("done_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("steps_of_invoice", "invoice_id", "step_id"),
        Index("step_of_move", "move_id", unique=True),
    )
