"""Which quarter a page of rankings is about."""

from __future__ import annotations

from flask import request

from libs.common.care.clock import london_day
from libs.common.care.quarters import Quarter, parse_quarter, quarter_of
from services.portal.web.access import the_parts

BACK, AHEAD = 8, 1
"""So many quarters before today's, and after it, can be chosen."""


def this_quarter() -> Quarter:
    """Today's."""
    return quarter_of(london_day(the_parts().clock()))


def quarter_chosen() -> str:
    """The quarter that is asked for (`?quarter=2026-Q3`); the last whole one where none is, or what is none."""
    found = parse_quarter(request.values.get("quarter", ""))
    return str(found or this_quarter().before())


def quarters_to_choose(chosen: str) -> list[str]:
    """The newest first, with the chosen one among them."""
    now = this_quarter()
    listed = {str(now.before(many)) for many in range(-AHEAD, BACK + 1)} | {chosen}
    return sorted(listed, reverse=True)
