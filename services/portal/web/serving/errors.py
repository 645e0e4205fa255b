"""The edge where failures become pages: a refusal, a service that is down, and what nobody expected."""

from __future__ import annotations

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.process import logs
from libs.common.process.database import CONNECTION_TROUBLE
from libs.common.process.troubles import trouble_of
from services.portal.web.coming_back import stale
from services.portal.web.serving import troubles
from services.portal.web.statuses import status_of

AGAIN = "Try again. If it happens again, tell whoever runs this system."
_HEADINGS = {403: "You can’t see this page", 404: "Page not found"}
_HTTP = {
    400: ("That was not done", None),
    404: ("Page not found", "Check the address. What it named may not be yours to see."),
    405: ("That was not done", "Go back to the page and use its buttons."),
    413: (
        "The file is too large",
        "A file may have at most 50 MB: split it into several files, such as one a week.",
    ),
}
_log = logs.log(__name__)


def register(app: Flask) -> None:
    """Make each kind of failure a page with a plain sentence and the right status."""
    app.register_error_handler(Refused, _refused)
    for kind in (ServiceUnavailable, *CONNECTION_TROUBLE):
        app.register_error_handler(kind, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, heading: str, sentence: str) -> tuple[str, int]:
    return render_template("problem.html", heading=heading, sentence=sentence), status


def _refused(error: Refused) -> ResponseReturnValue:
    g.refused = error
    if error.code == "session_over":
        return stale.sign_in_first()
    if error.code == "internal":
        return _page(500, "Something went wrong", AGAIN)
    status = status_of(error.code)
    return _page(status, _HEADINGS.get(status, "That was not done"), error.message)


def _unavailable(error: Exception) -> tuple[str, int]:
    """A service, the portal's own database, or the folder of files. What a form said can be sent again from the page."""
    why = troubles.why_of(error)
    _log.warning("service_unavailable", why=why, exc_info=error)
    words = troubles.WORDS[why]
    return (
        render_template(
            "problem.html",
            heading=words.heading,
            sentence=words.sentence,
            sent_again=troubles.sent_again(why),
            address=request.full_path.rstrip("?"),
            chooses_files=troubles.has_files(),
        ),
        503,
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status == 413 and g.get("account") is None and request.blueprint not in ("login", "api"):
        return stale.sign_in_first()  # what strangers may send is small: the file may well be small enough
    heading, sentence = _HTTP.get(status, (_HEADINGS.get(status, error.name), None))
    return _page(status, heading, sentence or error.description or "")


def _unexpected(error: Exception) -> tuple[str, int]:
    if trouble_of(error):  # a disk that is full shows anywhere
        return _unavailable(error)
    _log.error("page_failed", exc_info=error)
    return _page(500, "Something went wrong", AGAIN)
