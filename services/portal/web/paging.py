"""Lists page by page: what of an answer is shown, the cursor by which the list goes on, and the way back.

A page asks for one row more than it shows, and goes on where there was one. The API asks for what its caller wants,
and goes on whenever a page is full: the next one may be empty. A cursor leads forwards alone: so the address of a page
says by which pages one came to it, and they are what one goes back to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request, url_for
from markupsafe import Markup

from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.listing.taking import taking_now

Item = TypeVar("Item")
Place = tuple[Any, ...]
"""Where a row stands in the order of its list, as its cursor says it."""
BACK: Final = "back"
"""The parameter of addresses that names a page before; several times, the nearest last."""
MOST_BACK: Final = 30
"""So many pages one can go back, the first among them: addresses have a length."""


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
    """The cursor that the address of a page names (`?cursor=…`); for a file, that of its next part."""
    taking = taking_now()
    return request.args.get("cursor") if taking is None else taking.cursor


def place_by_moment(cursor: str | None) -> tuple[str, str] | None:
    """The (moment, id) after which a page begins, as services are asked. Raises Refused ``bad_query``."""
    place = moment_and_id(cursor)
    return None if place is None else (place[0].isoformat(), str(place[1]))


def link_on(endpoint: str, cursor: str | None, **query: Any) -> str | None:
    """The address of the next page of a list with these filters; None at its end."""
    return None if cursor is None else url_for(endpoint, **query, cursor=cursor)


class PagesAround(NamedTuple):
    """Addresses of pages of the same list; None where there is none."""

    first: str | None
    before: str | None
    after: str | None


def pages_around(
    path: str, asked: list[tuple[str, str]], more: str | None, cursor: str | None = None
) -> PagesAround:
    """Whereto this page of a list leads. Pure.

    path, asked: of the page's own address. more: the address of the next page, which differs in what says its place.
    cursor: the name of the parameter that does, on a page with several lists.
    """
    trail = [value for name, value in asked if name == BACK]
    own = [(name, value) for name, value in asked if name != BACK]
    came = [index for index, place in enumerate(trail) if cursor is None or cursor in dict(_pairs(place))]

    def earlier(index: int) -> str:
        place = _pairs(trail[index])
        names = {name for name, _ in place}
        kept = [pair for pair in own if pair[0] not in names]
        gone = {later for later in came if later >= index}
        back = [(BACK, one) for number, one in enumerate(trail) if number not in gone]
        return _address(path, [*kept, *((name, value) for name, value in place if value), *back])

    after = None
    if more is not None:
        parts = urlsplit(more)
        wanted = _pairs(parts.query)
        here = urlencode(
            [(name, dict(own).get(name, "")) for name, value in wanted if (name, value) not in own]
        )
        back = [(BACK, one) for one in [*trail[:1], *trail[1:][2 - MOST_BACK :], here]]
        after = _address(parts.path, [*wanted, *back]) + (f"#{parts.fragment}" if parts.fragment else "")
    return PagesAround(earlier(came[0]) if came else None, earlier(came[-1]) if came else None, after)


def turn_pages(more: str | None, words: str, cursor: str | None = None) -> Markup:
    """The links below a list, for templates: back to its first page and the one before, and on, in these words."""
    asked = list(request.args.items(multi=True))
    found = pages_around(request.path, asked, more, cursor)
    named = (
        ("First page", found.first, ""),
        ("Page before", found.before, "prev"),
        (words, found.after, "next"),
    )
    links = [
        Markup('<a class="govuk-link" href="{}"{}>{}</a>').format(
            address, Markup(' rel="{}"').format(rel) if rel else "", text
        )
        for text, address, rel in named
        if address is not None
    ]
    if not links:
        return Markup("")
    return Markup('<nav class="govuk-body portal-pages" aria-label="Pages: {}">{}</nav>').format(
        words, Markup(" ").join(links)
    )


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _address(path: str, query: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
