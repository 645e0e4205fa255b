"""The table that says which one-off payments accepted claims stand for."""

import datetime as dt
import uuid

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.schema.base import Base


class ClaimedStay(Base):
    """A stay in hospital that an item of an accepted claim pays for: a one-off may stand for it (RULES 10)."""

    __tablename__ = "claimed_stays"
    __table_args__ = (Index("claimed_stays_of_client", "client_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    admitted_on: Mapped[dt.date]
    discharged_on: Mapped[dt.date]
