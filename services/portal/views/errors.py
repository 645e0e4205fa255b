"""The edge where failures become pages: a refusal, a service that is down, and what nobody expected."""

from __future__ import annotations

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from libs.common import logs
from libs.common.errors import Refused, ServiceUnavailable

_log = logs.log(__name__)


def register(app: Flask) -> None:
    """Make each kind of failure a page with a plain sentence and the right status."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(ServiceUnavailable, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, heading: str, sentence: str) -> tuple[str, int]:
    return render_template("problem.html", heading=heading, sentence=sentence), status


def _refused(error: Refused) -> tuple[str, int]:
    if error.code == "internal":
        return _page(500, "Something went wrong", error.message)
    return _page(422, "That was not done", error.message)


def _unavailable(error: ServiceUnavailable) -> tuple[str, int]:
    _log.warning("service_unavailable")
    return _page(503, "Part of Caretally is not answering", "Wait a moment and try again.")


def _http(error: HTTPException) -> tuple[str, int]:
    return _page(error.code or 500, error.name, error.description or "")


def _unexpected(error: Exception) -> tuple[str, int]:
    _log.error("page_failed", exc_info=error)
    return _page(
        500, "Something went wrong", "Try again. If it happens again, tell whoever runs this system."
    )
