"""The name that a request was sent to: one that no host has is refused before anything is worked out from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from flask import Flask

from services.portal.web.serving.headers import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LABEL: Final = "[A-Za-z0-9_-]{1,63}"
_HOST: Final = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?")
_LONGEST: Final = 260
_SENTENCE: Final = b"The request names no host that there could be.\n"


class PlainHosts:
    """A WSGI application that is asked by names of hosts alone: routing fails for others before any page could say so."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if is_host(environ.get("HTTP_HOST", "")):
            return self._app(environ, start_response)
        length = ("Content-Length", str(len(_SENTENCE)))
        kind = ("Content-Type", "text/plain; charset=utf-8")
        start_response("400 Bad Request", [kind, length, ("Cache-Control", "no-store"), *HEADERS.items()])
        return [_SENTENCE]


def is_host(text: str) -> bool:
    """Whether a host may be called so, as host or host:port; nothing said is the server's own."""
    return not text or (len(text) <= _LONGEST and _HOST.fullmatch(text) is not None)


def register(app: Flask) -> None:
    """Call it last: it stands before all else."""
    app.wsgi_app = PlainHosts(app.wsgi_app)  # type: ignore[method-assign]
