"""What all tables of the schema ``payments`` are made of."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from libs.common.messaging.outbox import messaging_tables
from libs.common.proposals.steps import proposal_tables
from libs.common.sql.tables import COLUMN_TYPES

metadata = MetaData(schema="payments")
messaging = messaging_tables(metadata)
proposal_tables(metadata)


class Base(DeclarativeBase):
    """Typed tables of this schema."""

    metadata = metadata
    type_annotation_map = COLUMN_TYPES
