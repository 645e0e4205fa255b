"""What all tables of the schema ``ingest`` are made from."""

from sqlalchemy import MetaData, Sequence
from sqlalchemy.orm import DeclarativeBase

from libs.common.messaging.outbox import messaging_tables
from libs.common.sql.tables import COLUMN_TYPES

metadata = MetaData(schema="ingest")
messaging = messaging_tables(metadata)
# Versions of visits and actuals; drawn while the row is locked, never restarted.
version_sequence = Sequence("version", metadata=metadata)


class Base(DeclarativeBase):
    """Typed tables of this schema."""

    metadata = metadata
    type_annotation_map = COLUMN_TYPES
