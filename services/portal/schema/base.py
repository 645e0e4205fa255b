"""What all tables of the portal are made from."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from libs.common.sql.tables import COLUMN_TYPES

metadata = MetaData(schema="portal")


class Base(DeclarativeBase):
    """Typed tables of this schema."""

    metadata = metadata
    type_annotation_map = COLUMN_TYPES
