"""The tables of what proposals would change in money."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.schema.base import Base


class Effect(Base):
    """That a proposal's effect is worked out, in so many parts; complete when all are there."""

    __tablename__ = "effects"

    proposal_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    parts: Mapped[int]
    wanted_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class EffectPart(Base):
    """What a part of the weeks comes to, before and after: ``sums`` by organisation id, pounds as text."""

    __tablename__ = "effect_parts"

    proposal_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    sums: Mapped[dict[str, Any]]
