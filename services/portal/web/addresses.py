"""What addresses of pages and of the API may hold."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import BaseConverter
from werkzeug.utils import cached_property

from libs.common.care.days import DayAround
from libs.common.errors import Refused
from libs.common.files.values import FIRST_DAY, LAST_DAY, cleaned, parse_date, visible

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""What no name has (RULES 3)."""
_CONTROL_IN_QUERY: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Tabs and line ends come with what is pasted, and count as spaces."""
_CONTROL_IN_HEADER: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class PlainRequest(Request):
    """A request whose query is read as cells are, without what can't be seen, and whose cookies are text."""

    @cached_property
    def args(self) -> MultiDict[str, str]:  # type: ignore[override]
        given = super().args.items(multi=True)
        return ImmutableMultiDict([(name, cleaned(text)) for name, text in given])

    @cached_property
    def cookies(self) -> MultiDict[str, str]:  # type: ignore[override]
        """Without those that hold what none of ours does: another host of the domain may have set them, and locks
        nobody out by it."""
        given = super().cookies.items(multi=True)
        return ImmutableMultiDict([(name, text) for name, text in given if not _CONTROL.search(text)])


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
    app.before_request(_refuse_what_is_no_text)
    app.url_map.converters["visit_ref"] = VisitRefConverter
    app.url_map.merge_slashes = False


def _refuse_what_is_no_text() -> None:
    """Whatever the address names or asks: what is not UTF-8 or holds a control character, no view sees. 404 for a
    path, since nothing is called so; 400 for a query and a header."""
    path = text_of(request.environ.get("PATH_INFO", "").encode("latin-1", "replace"))
    if path is None or _CONTROL.search(path):
        abort(404)
    query = text_of(unquote_to_bytes(request.query_string))
    if query is None or _CONTROL_IN_QUERY.search(query):
        raise Refused("bad_query", "The address holds a control character, or text that is not UTF-8.")
    if any(_CONTROL_IN_HEADER.search(value) for _, value in request.headers):
        abort(400, "A header of the request holds a control character.")


def text_of(content: bytes) -> str | None:
    """The text; None for what is not UTF-8, such as half a character or one that is written too long."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


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
