"""Visits without a match: how many for which reason, and each of them (RULES 5)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.portal.visits.pages import link_to
from services.portal.visits.views import Visits, client_of
from services.portal.web.access import signed_in
from services.portal.web.calls import (
    READERS,
    ask_with_organisations,
    caller,
    gateway,
    is_council,
    organisation_chosen,
)
from services.portal.web.client_names import client_names
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.words import REASONS, VISIT_TYPES

pages = Blueprint("unmatched", __name__, url_prefix="/unmatched")

VISITS_SHOWN = 50


@pages.get("")
@signed_in(*READERS)
def unmatched() -> ResponseReturnValue:
    reason = request.args.get("reason")
    chosen: dict[str, Any] = {
        "organisation": organisation_chosen(),
        "reason": reason if reason in REASONS else None,
    }
    (counts,), providers = ask_with_organisations(("matching", "unmatched_counts", chosen))
    rows, place = Visits(gateway(), caller()).newest_unmatched(
        place=place_of(request.args.get("cursor"), str, str, str), limit=VISITS_SHOWN, **chosen
    )
    for row in rows:
        row["client"] = client_of(row)
        row["link"] = link_to(row, is_council())
    names = client_names(gateway(), caller(), (row["client"] for row in rows))
    return render_template(
        "unmatched.html",
        chosen=chosen,
        counts=counts,
        number=sum(number for why, number in counts["reasons"] if chosen["reason"] in (None, why)),
        rows=rows,
        names=names,
        more=url_for("unmatched.unmatched", **chosen, cursor=cursor_of(*place)) if place else None,
        organisations=providers,
        reasons=REASONS,
        whys={reason: words.why for reason, words in REASONS.items()},
        types=VISIT_TYPES,
    )
