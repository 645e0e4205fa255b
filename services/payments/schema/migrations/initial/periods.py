"""Payment periods and payment runs."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Column, Date, DateTime, Index, Numeric, Text, Uuid, column, func, table

create_table = partial(op.create_table, schema="payments")


def create_periods() -> None:
    """Final periods with their sums, providers' answers, and the numbers of public events."""
    create_table(
        "finalisations",
        Column("contract", Text, primary_key=True),
        Column("period_start", Date, primary_key=True),
        Column("finalised_by", Text, nullable=False),
        Column("finalised_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    create_table(
        "closed_sums",
        Column("period_start", Date, primary_key=True),
        Column("contract", Text, primary_key=True),
        Column("organisation_id", Uuid, primary_key=True),
        Column("payable", Numeric, nullable=False),
        Column("deductions", Numeric, nullable=False),
        Column("non_payable", Numeric, nullable=False),
        Column("items", BigInteger, nullable=False),
    )
    create_table(
        "closed_charges",
        Column("period_start", Date, primary_key=True),
        Column("amount", Numeric, nullable=False),
    )
    create_table(
        "period_answers",
        Column("answer_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("period_start", Date, nullable=False),
        Column("answer", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("payable", Numeric, nullable=False),
        Column("answered_by", Text, nullable=False),
        Column("answered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("answers_of_period", "period_start", "organisation_id"),
    )
    create_table(
        "public_sequences",
        Column("stream", Text, primary_key=True),
        Column("last_number", BigInteger, nullable=False),
    )


def create_runs() -> None:
    """Payment runs, and from when on a change is large."""
    create_table(
        "runs",
        Column("run_id", Uuid, primary_key=True),
        Column("period_start", Date, nullable=False),
        Column("contract", Text, nullable=False),
        Column("prepared_by", Text, nullable=False),
        Column("prepared_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("percent", Numeric, nullable=False),
        Column("pounds", Numeric, nullable=False),
        Index("runs_of_period", "period_start", "contract"),
    )
    create_table(
        "run_totals",
        Column("run_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, primary_key=True),
        Column("contract", Text, primary_key=True),
        Column("items", BigInteger, nullable=False),
        Column("cost", Numeric, nullable=False),
        Column("deductions", Numeric, nullable=False),
        Column("last_payable", Numeric, nullable=False),
        Column("fingerprint", Text, nullable=False),
    )
    create_table(
        "run_decisions",
        Column("run_id", Uuid, primary_key=True),
        Column("decision", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("decided_by", Text, nullable=False),
        Column("decided_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    create_table(
        "run_limits",
        Column("limit_id", BigInteger, primary_key=True),
        Column("percent", Numeric, nullable=False),
        Column("pounds", Numeric, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("adjustments", Numeric, nullable=False, server_default="1000"),
    )


def fill_run_limits() -> None:
    """A change is large above 20 % and £500 until the council sets something else."""
    op.bulk_insert(
        table("run_limits", *map(column, ("percent", "pounds", "set_by")), schema="payments"),
        [{"percent": 20, "pounds": 500, "set_by": "the first setting"}],
    )
