"""By what limits visits overlap."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Text, func

create_table = partial(op.create_table, schema="ingest")


def create_overlaps() -> None:
    """What the council set, each from a day on."""
    create_table(
        "overlap_limits",
        Column("change_id", BigInteger, Identity(), primary_key=True),
        Column("name", Text, nullable=False),
        Column("effective_from", Date, nullable=False),
        Column("value", BigInteger, nullable=False),
        Column("set_by", Text, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
