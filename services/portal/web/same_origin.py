"""Forms count when they are sent from this portal's own pages, besides the token that they carry.

Browsers say where a request comes from in `Sec-Fetch-Site` and `Origin`, and no page can make them say otherwise.
Programs and old browsers say nothing: for them the token alone decides.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, abort, request

from services.portal.web.access import the_parts

_OF_OURS: Final = ("same-origin", "none")
"""`none` is what somebody did by hand, such as loading a page again."""
_SAFE: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
ELSEWHERE: Final = "This came from a page of another site. Open the page here, and use its button."


def register(app: Flask) -> None:
    """Refuse what pages of other sites send. Call it before who asks is found out."""
    app.before_request(_refuse_other_sites)


def _refuse_other_sites() -> None:
    if request.method in _SAFE or request.blueprint == "api":  # the API asks for a token, and knows no cookie
        return
    parts = the_parts()
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if not is_from_here(site, origin, request.host, parts.public_url, is_insecure=parts.is_insecure):
        abort(400, ELSEWHERE)


def is_from_here(
    site: str | None, origin: str | None, host: str, public_url: str, *, is_insecure: bool
) -> bool:
    """Whether a browser sent it from a page of ours, or nobody says where it comes from.

    site, origin: the headers `Sec-Fetch-Site` and `Origin`. host: what the request was sent to, as host:port.
    """
    if site is not None and site not in _OF_OURS:
        return False
    if origin is None:
        return True
    schemes = ("https", "http") if is_insecure else ("https",)
    ours = {f"{scheme}://{host}".casefold() for scheme in schemes}
    known = urlsplit(public_url)
    ours.add(f"{known.scheme}://{known.netloc}".casefold())
    return origin.casefold() in ours
