"""What all tables of the schema ``disputes`` are made of."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from libs.common.messaging.outbox import messaging_tables
from libs.common.sql.tables import COLUMN_TYPES

metadata = MetaData(schema="disputes")
messaging = messaging_tables(metadata)


class Base(DeclarativeBase):
    """Typed tables of this schema."""

    metadata = metadata
    type_annotation_map = COLUMN_TYPES
