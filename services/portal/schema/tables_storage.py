"""The tables of what the object store holds, organisation by organisation."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class Storage(Base):
    """What one organisation's files hold together, and may. Its row is the lock of all that changes this.

    ``owner`` is an organisation's id, or ``council``. ``most_bytes`` is None where nobody set one of its own.
    """

    __tablename__ = "storage"

    owner: Mapped[str] = mapped_column(primary_key=True)
    held_bytes: Mapped[int] = mapped_column(server_default="0")
    held_files: Mapped[int] = mapped_column(server_default="0")
    most_bytes: Mapped[int | None]
    set_by: Mapped[str | None]
    set_at: Mapped[dt.datetime | None]


class StoredObject(Base):
    """A file in the object store. ``held_by`` is the service that needs it, as it said at ``held_at``."""

    __tablename__ = "stored_objects"
    __table_args__ = (
        Index("stored_objects_of_owner", "owner", "stored_at"),
        Index("stored_objects_asked", "held_at", "stored_at"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    bytes: Mapped[int]
    stored_at: Mapped[dt.datetime]
    held_by: Mapped[str | None]
    held_at: Mapped[dt.datetime | None]


class StorageSweep(Base):
    """What a sweep found and took away."""

    __tablename__ = "storage_sweeps"

    swept_at: Mapped[dt.datetime] = mapped_column(primary_key=True)
    removed_files: Mapped[int]
    removed_bytes: Mapped[int]
    counted_files: Mapped[int]
    """files that services had put there, and that were counted from then on"""
    missing_files: Mapped[int]
    """files that a service needs, and that are not there"""
