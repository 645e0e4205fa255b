"""What measures are taken by (RULES 16): thresholds, and what is monitored by total hours. Never changed; the newest holds."""

import datetime as dt

from sqlalchemy import Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from services.matching.schema.base import Base


class MeasureThreshold(Base):
    """A threshold from a planned date on; of two for the same date the newest holds."""

    __tablename__ = "measure_thresholds"

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    effective_from: Mapped[dt.date]
    value: Mapped[int]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class OneDiary(Base):
    """Whether a contract (``contract/dapl``, folded) or a CPLI (``cpli/156017``) is monitored by total hours."""

    __tablename__ = "one_diaries"
    __table_args__ = (Index("one_diaries_of", "about", "change_id"),)

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    about: Mapped[str]
    is_one_diary: Mapped[bool]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
