"""From when on two visits of a carer overlap, and what was left running (RULES 16). Never changed; the newest holds."""

import datetime as dt

from sqlalchemy import Identity, func
from sqlalchemy.orm import Mapped, mapped_column

from services.ingest.schema.base import Base


class OverlapLimit(Base):
    """A limit in whole minutes from a delivered day on; of two for the same day the newest holds."""

    __tablename__ = "overlap_limits"

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    effective_from: Mapped[dt.date]
    value: Mapped[int]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
