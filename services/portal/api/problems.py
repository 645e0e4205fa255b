"""Failures of the JSON API as RFC 9457 problem documents."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, g, json, request
from werkzeug.exceptions import HTTPException

from libs.common.errors import Refused, ServiceUnavailable, Why
from libs.common.process import logs
from libs.common.process.database import CONNECTION_TROUBLE
from libs.common.process.troubles import trouble_of
from services.portal.web.serving import troubles
from services.portal.web.statuses import status_of

PREFIX = "/api/"
PROBLEM_TYPE = "application/problem+json"

_SENTENCES = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method; Allow says which it takes."),
    413: ("too_large", "The body is too large: send at most 50 MB."),
}
_RETRY_SECONDS: Final[dict[Why, str]] = {"away": "5", "slow": "5", "held": "5", "full": "60", "blocked": "30"}
_log = logs.log(__name__)


def problem(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """A problem document: type, title, status, detail, code, and facts that belong to it."""
    document = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    return Response(json.dumps(document), status, headers, content_type=PROBLEM_TYPE)


def of_refusal(error: Refused) -> Response:
    """What a service or a rule of the API says no to."""
    g.refused = error
    status = status_of(error.code)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "5"}, 503: {"Retry-After": "5"}}
    more = error.details if status != 500 and error.details else {}
    return problem(status, error.code, error.message, headers.get(status), **more)


def of_absence(error: Exception) -> Response:
    """A service that is down, the portal's own database, or no room for a file."""
    why = troubles.why_of(error)
    _log.warning("service_unavailable", why=why, exc_info=error)
    return problem(503, "unavailable", troubles.WORDS[why].api, {"Retry-After": _RETRY_SECONDS[why]})


def of_http(error: HTTPException) -> Response:
    """What Flask itself refuses: addresses, methods, sizes."""
    status = error.code or 500
    code, sentence = _SENTENCES.get(status, (error.name.lower().replace(" ", "_"), error.description or ""))
    allowed = dict(error.get_headers()).get("Allow")
    return problem(status, code, sentence, {"Allow": allowed} if allowed else None)


def of_surprise(error: Exception) -> Response:
    """What nobody expected: the log has it."""
    if trouble_of(error):  # a disk that is full shows anywhere
        return of_absence(error)
    _log.error("api_failed", exc_info=error)
    sentence = "Something went wrong. If it happens again, tell whoever runs this system."
    return problem(500, "internal", sentence)


def register(app: Flask) -> None:
    """Answer problems under /api/, and pages elsewhere as before. Call it after the pages' own handlers are set."""
    answers: tuple[tuple[type[Exception], Callable[[Any], Response]], ...] = (
        (Refused, of_refusal),
        *((kind, of_absence) for kind in (ServiceUnavailable, *CONNECTION_TROUBLE)),
        (HTTPException, of_http),
        (Exception, of_surprise),
    )
    for kind, answer in answers:
        page: Callable[[Any], Any] = app.error_handler_spec[None][None][kind]
        app.register_error_handler(kind, _either(answer, page))


def _either(answer: Callable[[Any], Response], page: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda error: answer(error) if request.path.startswith(PREFIX) else page(error)
