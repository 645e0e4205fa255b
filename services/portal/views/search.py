"""One box that finds a client, a care package line item or a visit, and leads there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.errors import ServiceUnavailable
from libs.common.values import control_character
from services.portal.access import signed_in
from services.portal.views.asking import READERS, ask, is_council

pages = Blueprint("search", __name__, url_prefix="/search")

LONGEST = 50
SHORTEST = 2


@pages.get("")
@signed_in(*READERS)
def search() -> ResponseReturnValue:
    written = " ".join(request.args.get("q", "").split())[:LONGEST]
    problem = _problem(written)
    care: dict[str, Any] | None = {"clients": [], "line_items": []}
    visits: list[Any] | None = []
    if written and not problem:
        care = _asked("matching", "search", written)
        visits = _asked("ingest", "search_visits", written)
    return render_template(
        "search/search.html",
        written=written,
        problem=problem,
        care=care,
        visits=visits,
        is_council=is_council(),
    )


def _problem(written: str) -> str | None:
    if written and len(written) < SHORTEST:
        return "Enter 2 or more characters"
    return "Enter letters and digits as they stand in the reference" if control_character(written) else None


def _asked(service: str, method: str, written: str) -> Any:
    """What a service finds; None while it is away: the others are shown all the same."""
    try:
        return ask(service, method, written=written)
    except ServiceUnavailable:
        return None
