"""What addresses of pages and of the API name of actuals: a care package line item, and a week by its Monday."""

from __future__ import annotations

import datetime as dt

from libs.common.errors import Refused


def a_cpli(cpli_id: int) -> int:
    """A CpliId that can be one. Raises Refused ``not_found``."""
    if not 0 < cpli_id < 2**63:
        raise Refused("not_found", "There is no such care package line item.")
    return cpli_id


def a_monday(text: str) -> str:
    """A week by its Monday, as 2022-10-03. Raises Refused ``not_found``."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or day.weekday() or not 1999 < day.year < 2100:
        raise Refused("not_found", "Name a week by its Monday, such as 2022-10-03.")
    return text
