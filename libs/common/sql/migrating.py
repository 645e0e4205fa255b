"""What the first migrations of the services have in common.

A migration says what the schema was on its day, so nothing here changes once it is released: a later change of these
tables is a later migration of each service.
"""

from __future__ import annotations

from functools import partial

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    column,
    func,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.care.names import fold
from libs.common.care.reference import DEFAULT_SERVICE_LEVELS

# Each is asked once a statement, not once a row. PostgreSQL then plans for a council that sees half of a table, in
# place of next to nothing of it: in truth it sees all.
COUNCIL_ASKS = "(SELECT current_setting('app.role', true) IN ('council', 'system'))"
COMMISSIONING_ASKS = (
    "((SELECT current_setting('app.role', true) = 'system') OR (SELECT current_setting('app.role', true) = 'council')"
    " AND (SELECT current_setting('app.staff', true) = 'commissioning'))"
)
ORGANISATION_ASKS = "organisation_id = (SELECT nullif(current_setting('app.organisation', true), '')::uuid)"


def create_messaging_tables(schema: str) -> None:
    """Create what a service has that says or hears events: outbox, received, progress, set_apart, buried."""
    _create_outbox(schema)
    create = partial(op.create_table, schema=schema)
    create(
        "received",
        Column("message_id", Uuid, primary_key=True),
        Column("event", Text, nullable=False),
        Column("cause_id", Uuid, nullable=False),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    create(
        "progress",
        Column("cause_id", Uuid, primary_key=True),
        Column("event", Text, primary_key=True),
        Column("emitted", BigInteger, nullable=False, server_default="0"),
        Column("received", BigInteger, nullable=False, server_default="0"),
    )
    create(
        "set_apart",
        Column("apart_id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("organisation_id", Uuid),
        Column("event", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("cause_id", Uuid, nullable=False),
        Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("tried_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    create(
        "buried",
        Column("message_id", Text, primary_key=True),
        Column("queue", Text, nullable=False),
        Column("event", Text, nullable=False),
        Column("cause_id", Uuid),
        Column("reason", Text, nullable=False),
        Column("died_at", Text, nullable=False),
        Column("buried_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("discarded_by", Text),
        Column("discarded_for", Text),
        Column("discarded_at", DateTime(timezone=True)),
        Column("body", LargeBinary),
    )


def _create_outbox(schema: str) -> None:
    op.create_table(
        "outbox",
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("message_id", Uuid, nullable=False),
        Column("exchange", Text, nullable=False),
        Column("routing_key", Text, nullable=False),
        Column("event", Text, nullable=False),
        Column("cause_id", Uuid, nullable=False),
        Column("lane", SmallInteger, nullable=False, comment="0 single, sent first; 1 bulk"),
        Column("headers", JSONB),
        Column("body", Text, nullable=False),
        Index("outbox_lane_id", "lane", "id"),
        schema=schema,
    )
    # A body lives for milliseconds: compressing it costs more than it saves.
    op.execute(f"ALTER TABLE {schema}.outbox ALTER COLUMN body SET STORAGE EXTERNAL")


def create_proposal_tables(schema: str) -> None:
    """Create what a service has whose proposals a second person decides."""
    op.create_table(
        "proposals",
        Column("proposal_id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("wanted", JSONB, nullable=False),
        Column("proposed_by", Text, nullable=False),
        Column("proposed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("proposals_by_time", "proposed_at", "proposal_id"),
        schema=schema,
    )
    op.create_table(
        "proposal_decisions",
        Column("proposal_id", Uuid, primary_key=True),
        Column("decision", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("decided_by", Text, nullable=False),
        Column("decided_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        schema=schema,
    )


def show_to_organisation(schema: str, *tables: str, only: str | None = None) -> None:
    """Let a provider see its own organisation's rows of these tables; council and system see all.

    only: a condition in SQL that a row has to fulfil besides, for a provider.
    The policy holds for the tables' owner too; the worker's role bypasses it.
    """
    own = ORGANISATION_ASKS if only is None else f"({ORGANISATION_ASKS} AND {only})"
    for name in tables:
        _add_policy(schema, name, "organisation", f"{COUNCIL_ASKS} OR {own}")


def show_to_council(schema: str, *tables: str) -> None:
    """Let council and system alone see the rows of these tables; as above for the roles."""
    for name in tables:
        _add_policy(schema, name, "council", COUNCIL_ASKS)


def show_to_commissioning(schema: str, *tables: str) -> None:
    """Let commissioning staff and the system alone see the rows of these tables; as above for the roles."""
    for name in tables:
        _add_policy(schema, name, "commissioning", COMMISSIONING_ASKS)


def show_to_addressee(schema: str, *tables: str) -> None:
    """Let the provider to whom it is sent see a row, and commissioning staff and the system all of them."""
    for name in tables:
        _add_policy(schema, name, "addressee", f"{COMMISSIONING_ASKS} OR {ORGANISATION_ASKS}")


def _add_policy(schema: str, name: str, policy: str, may_see: str) -> None:
    op.execute(f"ALTER TABLE {schema}.{name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {schema}.{name} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {policy} ON {schema}.{name} USING ({may_see})")


def fill_service_levels(schema: str) -> None:
    """Insert the service levels that a council starts with; it may change them."""
    names = ("folded_name", "name", "requires_visits", "aliases", "version")
    op.bulk_insert(
        table("service_levels", *map(column, names), schema=schema),
        [
            {
                "folded_name": fold(level.name),
                "name": level.name,
                "requires_visits": level.requires_visits,
                "aliases": list(level.aliases),
                "version": 0,
            }
            for level in DEFAULT_SERVICE_LEVELS
        ],
    )
