"""The table of what holders have pages limited to, again and again (RULES 20)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.portal.schema.base import Base


class SavedFilter(Base):
    """A name for what a page is limited to. ``page`` is an endpoint and ``query`` its parameters: never an address."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("account_id", "page", "name"),)

    filter_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID]
    page: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    saved_at: Mapped[dt.datetime]
