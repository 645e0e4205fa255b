"""Days that people pick or type."""

from __future__ import annotations

import datetime as dt

from libs.common.errors import Refused
from libs.common.values import parse_date


def day_given(text: str, field: str) -> dt.date | None:
    """The day, or None where none is given. Raises Refused `bad_date` with the field's name."""
    if not text:
        return None
    found = parse_date(text)
    if found is None or not 1900 < found.year < 9000:
        raise Refused("bad_date", "Enter a date, like 3/10/2022", {"field": field})
    return found
