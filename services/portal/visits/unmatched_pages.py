"""Visits without a match: how many for which reason, and each of them (RULES 5)."""

from __future__ import annotations

from typing import TypedDict

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.visits.listed import COLUMNS
from services.portal.visits.pages import link_to
from services.portal.visits.views import Visits
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import (
    gateway,
    is_council,
    matching,
    organisation_chosen,
    organisations_question,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.clients import client_names
from services.portal.web.paging import cursor_asked
from services.portal.web.words import REASONS, VISIT_TYPES

pages = Blueprint("unmatched", __name__, url_prefix="/unmatched")

VISITS_SHOWN = 50


LIST = Listing(
    "unmatched visit",
    "unmatched visits",
    columns=COLUMNS
    | {
        "Reason": lambda row, page: REASONS[row["reason"]].why,
        "What to do": lambda row, page: REASONS[row["reason"]].what_to_do,
    },
)


class _Chosen(TypedDict):
    """What is looked at: of whom, and for which reason."""

    organisation: str | None
    reason: str | None


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_VISITS)
def unmatched() -> ResponseReturnValue:
    reason = request.args.get("reason")
    chosen: _Chosen = {
        "organisation": organisation_chosen(),
        "reason": reason if reason in REASONS else None,
    }
    client = matching()
    counts, providers = gateway().both(lambda: client.unmatched_counts(**chosen), organisations_question())
    rows, place = Visits(gateway(), caller()).list_newest_unmatched(
        place=place_of(cursor_asked(), str, str, str), limit=rows_wanted(VISITS_SHOWN), **chosen
    )
    names = client_names(gateway(), caller(), (row["client"] for row in rows))
    number = sum(number for why, number in counts["reasons"] if chosen["reason"] in (None, why))
    return render_list(
        LIST,
        "unmatched.html",
        count=lambda: number,
        chosen=chosen,
        counts=counts,
        visits=number,
        rows=[{**row, "link": link_to(row, is_council())} for row in rows],
        names=names,
        more=url_for("unmatched.unmatched", cursor=cursor_of(*place), **chosen) if place else None,
        organisations=providers,
        reasons=REASONS,
        whys={reason: words.why for reason, words in REASONS.items()},
        types=VISIT_TYPES,
    )
