"""The table of holds of CPLI-weeks."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.schema.base import Base


class WeekHold(Base):
    """A decision about a CPLI's week: cancel, suspend, carry-forward, release, and what is charged (RULES 8).

    Never changed; the newest of a week counts, and ``ordinal`` counts them without a gap. It is about the week of
    that organisation and client. ``pays_from`` is the period that a carried week is carried to; ``released`` what of
    the cost was held when it was released.
    """

    __tablename__ = "week_holds"
    __table_args__ = (Index("week_holds_once", "cpli_id", "monday", "ordinal", unique=True),)

    hold_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    cpli_id: Mapped[int]
    monday: Mapped[dt.date]
    ordinal: Mapped[int]
    organisation_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    client_reference: Mapped[str]
    kind: Mapped[str]
    pays_from: Mapped[dt.date | None]
    charge: Mapped[str]
    released: Mapped[Decimal]
    reason: Mapped[str]
    owner: Mapped[str]
    placed_by: Mapped[str]
    placed_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
