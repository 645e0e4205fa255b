"""The table of exports of persons' data (RULES 20)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class SubjectExport(Base):
    """Somebody asked for all that is held about a client; what came of it. The folder lies in the object store for two
    days, under a key that follows from the id (`subject_access/rules.py`)."""

    __tablename__ = "subject_exports"
    __table_args__ = (
        Index("subject_exports_newest", "asked_at", "export_id"),
        Index("subject_exports_open", "asked_at", postgresql_where=text("state IN ('waiting', 'making')")),
    )

    export_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID]
    reference: Mapped[str]
    asked_by: Mapped[str]
    """as the audit trail knows who asks"""
    asked_role: Mapped[str]
    asked_at: Mapped[dt.datetime]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default="0")
    begun_at: Mapped[dt.datetime | None]
    made_at: Mapped[dt.datetime | None]
    size_bytes: Mapped[int | None]
    files: Mapped[int | None]
    rows: Mapped[int | None]
    failure: Mapped[str | None]
