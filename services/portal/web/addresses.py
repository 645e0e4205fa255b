"""What addresses of pages and of the API may hold."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import BaseConverter
from werkzeug.utils import cached_property

from libs.common.care.days import DayAround
from libs.common.errors import Refused
from libs.common.files.values import FIRST_DAY, LAST_DAY, cleaned, parse_date, visible


class PlainRequest(Request):
    """A request whose query is read as cells are: without what can't be seen, and without NUL, which nothing holds."""

    @cached_property
    def args(self) -> MultiDict[str, str]:  # type: ignore[override]
        given = super().args.items(multi=True)
        return ImmutableMultiDict([(name, cleaned(text.replace("\0", ""))) for name, text in given])


class VisitRefConverter(BaseConverter):
    """A VisitRef: it may hold slashes, at either end and several in a row. What can't be seen is no part of it."""

    regex = r"[\s\S]+"
    part_isolating = False
    weight = 200
    """after all that is more particular"""

    def to_python(self, value: str) -> str:
        return visible(value)


def register(app: Flask) -> None:
    """Call it before any route is added."""
    app.request_class = PlainRequest
    app.before_request(_refuse_nul)
    app.url_map.converters["visit_ref"] = VisitRefConverter
    app.url_map.merge_slashes = False


def _refuse_nul() -> None:
    """Nothing is called by such a name, and the database doesn't take it."""
    if "\0" in request.path:
        abort(404)


def period_start(text: str) -> dt.date:
    """A period's first day as 2022-10-03; whether one starts on it is the service's to say.

    Raises Refused ``not_a_period`` for anything else.
    """
    day = parse_date(text, DayAround.first, DayAround.last)
    if day is None or day.isoformat() != text:
        raise Refused("not_a_period", "Name a period by its first day, such as 2022-10-03.")
    return day


def day_named(text: str) -> dt.date:
    """The day that an address names, as 2022-10-03; 404 for what is no readable day."""
    day = parse_date(text, DayAround.first, DayAround.last)
    if day is None or day.isoformat() != text:
        abort(404)
    return day


def a_day_of(monday: dt.date) -> str:
    """The day by which an address names a week: its Monday, or the readable day that is nearest to it."""
    return min(max(monday, FIRST_DAY), LAST_DAY).isoformat()


def ids_in(texts: Iterable[str], most: int) -> list[str]:
    """The ids among these texts, each once; what is no id is left out."""
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[str(uuid.UUID(text))] = None
        except ValueError:
            continue
    return list(found)[:most]
