"""One box that finds a client, a care package line item, a visit or payment items, and leads there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.files.values import control_character
from libs.common.rights import names as rights
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, is_council
from services.portal.web.words import KINDS

pages = Blueprint("search", __name__, url_prefix="/search")

LONGEST = 50
SHORTEST = 2


@pages.get("")
@signed_in(rights.READ_VISITS)
def search() -> ResponseReturnValue:
    written = " ".join(request.args.get("q", "").split())[:LONGEST]
    problem = _problem(written)
    found = _look_for(written) if written and not problem else {}
    return render_template(
        "search/search.html",
        written=written,
        problem=problem,
        care=found.get("care"),
        visits=found.get("visits"),
        items=found.get("items"),
        kinds=KINDS,
        is_council=is_council(),
    )


def _look_for(written: str) -> dict[str, Any]:
    """What each service finds within a second. One that is away is left out, the others are shown all the same."""
    services, who = gateway(), caller()
    ingest = IngestClient(services, who, is_quick=True)
    matching = MatchingClient(services, who, is_quick=True)
    payments = PaymentsClient(services, who, is_quick=True)
    questions: dict[str, Callable[[], Any]] = {
        "care": lambda: matching.search(written=written),
        "visits": lambda: ingest.search(written=written),
        "items": lambda: payments.search(written=written),
    }
    return services.answers_by_now(questions)


def _problem(written: str) -> str | None:
    if written and len(written) < SHORTEST:
        return "Enter 2 or more characters"
    return "Enter letters and digits as they stand in the reference" if control_character(written) else None
