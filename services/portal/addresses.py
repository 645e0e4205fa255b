"""What addresses of pages and of the API may hold."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from werkzeug.routing import BaseConverter

from libs.common.days import DayAround
from libs.common.errors import Refused
from libs.common.values import FIRST_DAY, LAST_DAY, parse_date


class VisitRefConverter(BaseConverter):
    """A VisitRef as it is: it may hold slashes, at either end and several in a row."""

    regex = r"[\s\S]+"
    part_isolating = False
    weight = 200
    """after all that is more particular"""


def register(app: Flask) -> None:
    """Call it before any route is added."""
    app.url_map.converters["visit_ref"] = VisitRefConverter
    app.url_map.merge_slashes = False


def period_start(text: str) -> dt.date:
    """A period's first day as 2022-10-03; whether one starts on it is the service's to say.

    Raises Refused ``not_a_period`` for anything else.
    """
    day = parse_date(text, DayAround.first, DayAround.last)
    if day is None or day.isoformat() != text:
        raise Refused("not_a_period", "Name a period by its first day, such as 2022-10-03.")
    return day


def a_day_of(monday: dt.date) -> str:
    """The day by which an address names a week: its Monday, or the readable day that is nearest to it."""
    return min(max(monday, FIRST_DAY), LAST_DAY).isoformat()
