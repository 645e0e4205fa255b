"""One box that finds a client, a care package line item, a visit or payment items, and leads there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.files.values import control_character
from services.portal.web.access import signed_in
from services.portal.web.calls import READERS, caller, gateway, is_council
from services.portal.web.words import KINDS

pages = Blueprint("search", __name__, url_prefix="/search")

LONGEST = 50
SHORTEST = 2
NOTHING: dict[str, Any] = {"matching": {"clients": [], "line_items": []}, "ingest": [], "payments": []}
"""What each service finds where there is nothing. One that is away is left out, the others are shown all the same."""


@pages.get("")
@signed_in(*READERS)
def search() -> ResponseReturnValue:
    written = " ".join(request.args.get("q", "").split())[:LONGEST]
    problem = _problem(written)
    found = dict(NOTHING)
    if written and not problem:
        found = gateway().ask_together(NOTHING, "search", caller(), written=written)
    return render_template(
        "search/search.html",
        written=written,
        problem=problem,
        care=found.get("matching"),
        visits=found.get("ingest"),
        items=found.get("payments"),
        kinds=KINDS,
        is_council=is_council(),
    )


def _problem(written: str) -> str | None:
    if written and len(written) < SHORTEST:
        return "Enter 2 or more characters"
    return "Enter letters and digits as they stand in the reference" if control_character(written) else None
