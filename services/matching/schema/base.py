"""What all tables of the schema ``matching`` are made of."""

from sqlalchemy import MetaData, Sequence, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase

from libs.common.messaging.outbox import messaging_tables
from libs.common.proposals.steps import proposal_tables
from libs.common.sql.tables import COLUMN_TYPES

metadata = MetaData(schema="matching")
messaging = messaging_tables(metadata)
proposal_tables(metadata)
# Versions of all that this service says; drawn under the lock of what is versioned, never restarted.
version_sequence = Sequence("version", metadata=metadata)


class Base(DeclarativeBase):
    """Typed tables of this schema."""

    metadata = metadata
    type_annotation_map = COLUMN_TYPES


def unique(*columns: str) -> UniqueConstraint:
    """Judged at commit: one care file may give what one client or service had to another, in any order."""
    return UniqueConstraint(*columns, deferrable=True, initially="DEFERRED")
