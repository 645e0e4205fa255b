"""What measures are taken by."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Identity, Index, Text, func

create_table = partial(op.create_table, schema="matching")


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
