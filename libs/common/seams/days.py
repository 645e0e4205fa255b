"""Days and moments as documents have them."""

from __future__ import annotations

import datetime as dt


def iso_or_none(day: dt.date | None) -> str | None:
    """2022-10-03, or a moment likewise; None for none."""
    return None if day is None else day.isoformat()
