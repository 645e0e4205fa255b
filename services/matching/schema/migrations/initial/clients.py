"""Who clients are, by which identifiers they were ever known, and what holds for them."""

from functools import partial

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.matching.schema.migrations.initial.constraints import unique_at_commit

create_table = partial(op.create_table, schema="matching")


def create_clients() -> None:
    """Clients, all identifiers that they ever had, and what holds for them."""
    create_table(
        "clients",
        Column("client_id", Uuid, primary_key=True),
        Column("ssref", Text),
        Column("client_ref", Text),
        Column("nhs_number", Text),
        Column("title", Text, nullable=False, server_default=""),
        Column("forename", Text, nullable=False, server_default=""),
        Column("surname", Text, nullable=False, server_default=""),
        Column("date_of_birth", Date),
        unique_at_commit("client_ref"),
        unique_at_commit("nhs_number"),
        unique_at_commit("ssref"),
        Index("clients_by_nhs_number", text('nhs_number COLLATE "C"')),
        Index("clients_by_ssref", text('ssref COLLATE "C"')),
        Index("clients_by_surname", text('lower(surname) COLLATE "C"')),
    )
    create_table(
        "client_identifiers",
        Column("identifier", Text, primary_key=True),
        Column("given", BigInteger, primary_key=True),
        Column("client_id", Uuid, nullable=False),
        Column("from_on", Date, nullable=False),
        Column("starts", JSONB, nullable=False),
        Column("is_merged", Boolean, nullable=False, server_default="false"),
        Index("identifiers_of_client", "client_id"),
    )
    create_table(
        "client_merges",
        Column("client_id", Uuid, primary_key=True),
        Column("into_client_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("client", JSONB, nullable=False),
        Column("reason", Text, nullable=False),
        Column("merged_by", Text, nullable=False),
        Column("merged_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("merges_into_client", "into_client_id"),
    )
    create_table(
        "client_circumstances",
        Column("circumstance_id", Uuid, primary_key=True),
        Column("version", BigInteger, primary_key=True),
        Column("client_id", Uuid, nullable=False),
        Column("kind", Text, nullable=False),
        Column("from_on", Date, nullable=False),
        Column("to_on", Date),
        Column("note", Text, nullable=False),
        Column("withdrawn", Boolean, nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("circumstances_of_client", "client_id"),
    )
