"""Meetings with providers, and the spans of their KPIs, as they were first released."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Index, Text, Uuid

from libs.common.sql.migrating import show_to_organisation

create_table = partial(op.create_table, schema="disputes")


def create_kpis() -> None:
    """Create both tables; a provider sees its meetings that are shared with it, and everybody the spans."""
    create_table(
        "meetings",
        Column("meeting_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("held_on", Date, nullable=False),
        Column("people", Text, nullable=False),
        Column("notes", Text, nullable=False),
        Column("agreed", Text, nullable=False),
        Column("kept_by", Text, nullable=False),
        Column("kept_at", DateTime(timezone=True), nullable=False),
        Column("shared_by", Text),
        Column("shared_at", DateTime(timezone=True)),
        Index("meetings_of", "organisation_id", "held_on"),
    )
    create_table(
        "kpi_spans",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("months", BigInteger, nullable=False),
        Column("first_month", BigInteger, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False),
    )
    show_to_organisation("disputes", "meetings", only="shared_at IS NOT NULL")
