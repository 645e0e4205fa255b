"""Lists page by page: what of an answer is shown, and the cursor by which the list goes on.

A page asks for one row more than it shows, and goes on where there was one. The API asks for what its caller wants,
and goes on whenever a page is full: the next one may be empty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from flask import request, url_for

from services.portal.web.cursors import cursor_of, moment_and_id

Item = TypeVar("Item")
Place = tuple[Any, ...]
"""Where a row stands in the order of its list, as its cursor says it."""


class Page(NamedTuple, Generic[Item]):
    """The rows of a page, and the cursor by which the list goes on; None at its end."""

    rows: list[Item]
    cursor: str | None


def cut_page(found: list[Item], most: int, place_of: Callable[[Item], Place]) -> Page[Item]:
    """The page of so many rows, out of an answer that was asked for one more."""
    rows = found[:most]
    return Page(rows, cursor_of(*place_of(rows[-1])) if len(found) > most else None)


def cursor_after(found: list[Item], limit: int, place_of: Callable[[Item], Place]) -> str | None:
    """The API's ``next_cursor`` after an answer that was asked for so many rows."""
    return cursor_of(*place_of(found[-1])) if len(found) == limit else None


def cursor_asked() -> str | None:
    """The cursor that the address of a page names (`?cursor=…`)."""
    return request.args.get("cursor")


def place_by_moment(cursor: str | None) -> tuple[str, str] | None:
    """The (moment, id) after which a page begins, as services are asked. Raises Refused ``bad_query``."""
    place = moment_and_id(cursor)
    return None if place is None else (place[0].isoformat(), str(place[1]))


def link_on(endpoint: str, cursor: str | None, **query: Any) -> str | None:
    """The address of the next page of a list with these filters; None at its end."""
    return None if cursor is None else url_for(endpoint, **query, cursor=cursor)
