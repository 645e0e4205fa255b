"""Days that people pick or type, in addresses too."""

from __future__ import annotations

import datetime as dt

from libs.common.errors import Refused
from libs.common.files.values import cleaned, parse_date

WRONG_WEEK = "Enter any day of the week as a date, such as 2022-10-03"


def day_given(text: str, field: str) -> dt.date | None:
    """The day, or None where none is given. Raises Refused `bad_date` with the field's name."""
    if not text:
        return None
    found = parse_date(cleaned(text))
    if found is None:
        raise Refused("bad_date", "Enter a date, like 3/10/2022", {"field": field})
    return found


def day_of_week_given(text: str) -> tuple[dt.date | None, str | None]:
    """The day that names a week, None where none is given or it can't be read; and what is wrong with it."""
    day = parse_date(cleaned(text))
    return day, WRONG_WEEK if text and day is None else None
