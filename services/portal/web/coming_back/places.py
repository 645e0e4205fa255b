"""Pages of this portal by their addresses, for whoever is to come back to one. No address leads anywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from services.portal.web.access import the_parts

UNSENT = "unsent"
"""The part of an address that names what was typed; see unsent.py."""
LONGEST = 4_000
_IN_PATHS = "/:@!$&'()*+,;=~"
# One slash, then what addresses are written in: browsers take `\` for a slash, and drop tabs and line ends.
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_NO_PAGES = ("login", "api", "health", "branding")
_FILES = (".csv", ".pdf", ".svg")


def safe_place(address: str | None) -> str | None:
    """The address, when it is the path (with its query) of a page of this portal that can be looked at; else None."""
    if not address or len(address) > LONGEST or not _LOCAL.fullmatch(address):
        return None
    endpoint = _endpoint_of(_path_of(address))
    if endpoint is None or endpoint == "static" or endpoint.partition(".")[0] in _NO_PAGES:
        return None
    return address


def page_asked() -> str | None:
    """Where to go on after signing in: the page that is asked for. None for the first page.

    A file is no page to arrive at: then it is the page from which it was asked.
    """
    path = request.path
    if path.endswith(_FILES) or request.blueprint == "attachments":
        candidates: tuple[str | None, ...] = (_referrer(), *_above(path), _here())
    else:
        candidates = (_here(),)
    found = next((place for place in candidates if place), None)
    return None if found == "/" else found


def page_of_form() -> str:
    """The page on which the form stands that this request sends."""
    here, from_where = _here(), _referrer()
    if from_where is not None and _path_of(from_where) == request.path:
        return from_where
    # a browser shortens a long address from which it comes to `/`, where no form stands
    candidates = (here, from_where if from_where != "/" else None, *_above(request.path))
    return next((place for place in candidates if place), "/")


def with_query(place: str, **more: str) -> str:
    """The address with these parts added to its query."""
    return f"{place}{'&' if '?' in place else '?'}{urlencode(more)}"


def _here() -> str | None:
    path = quote(request.path, safe=_IN_PATHS)
    query = _without_unsent(request.query_string.decode("latin-1"))
    return safe_place(f"{path}?{query}" if query else path)


def _referrer() -> str | None:
    """The page of this portal from which the browser comes."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if parts.netloc not in (request.host, urlsplit(the_parts().public_url).netloc):
        return None
    query = _without_unsent(parts.query)
    return safe_place(f"{parts.path}?{query}" if query else parts.path)


def _without_unsent(query: str) -> str:
    return "&".join(part for part in query.split("&") if not part.startswith(f"{UNSENT}="))


def _above(path: str) -> Iterator[str | None]:
    """The pages above this address, the nearest first: a visits file for its `/confirm`."""
    while (path := path.rpartition("/")[0]) != "":
        yield safe_place(quote(path, safe=_IN_PATHS))


def _path_of(address: str) -> str:
    return unquote(address.partition("?")[0].partition("#")[0])


def _endpoint_of(path: str) -> str | None:
    """What answers when this path is looked at; None for nothing."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:  # there is nothing, or it leads on to another address
        return None
    return str(endpoint)
