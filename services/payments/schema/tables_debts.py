"""The tables of debts: which there are, and which items belong to each."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.schema.base import Base


class Debt(Base):
    """What a period's total of an organisation and contract lacked to be nothing, in pounds above nothing."""

    __tablename__ = "debts"
    __table_args__ = (Index("debts_of_organisation", "organisation_id"),)

    debt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    contract: Mapped[str]
    arose_in: Mapped[dt.date]
    amount: Mapped[Decimal]
    arose_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class DebtItem(Base):
    """Which debt an item of the series ``debt`` belongs to."""

    __tablename__ = "debt_items"
    __table_args__ = (Index("debt_items_of", "debt_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    debt_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
