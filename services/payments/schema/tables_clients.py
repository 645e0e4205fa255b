"""The table of clients that the council has merged into another."""

import uuid

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.schema.base import Base


class MergedClient(Base):
    """A client that was found to be another one: what was charged to either counts as charged to the one that stays.

    ``into_client_id`` is who stays in the end, also where that one was merged later.
    """

    __tablename__ = "merged_clients"
    __table_args__ = (Index("merged_into", "into_client_id"),)

    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    into_client_id: Mapped[uuid.UUID]
