"""A provider's own place in rankings, with what led to it, and its appeal (RULES 16). Nothing of others is on these pages."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.ranking import words
from services.portal.ranking.forms import AppealForm
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import matching
from services.portal.web.forms.faults import show
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.people import names_of

pages = Blueprint("ranking_own", __name__, url_prefix="/ranking")

LIST = Listing(
    "place",
    "places",
    rows="places",
    is_of_provider=False,
    columns={
        "List": "list",
        "Quarter": "quarter",
        "Place": "place",
        "Out of": "out_of",
        "Frozen": "frozen_at",
    },
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_OWN_RANKINGS)
def places() -> ResponseReturnValue:
    return render_list(LIST, "ranking/places.html", places=matching().ranking_places(), words=words)


@pages.route("/<uuid:ranking_id>", methods=["GET", "POST"])
@signed_in(rights.READ_OWN_RANKINGS)
def one(ranking_id: uuid.UUID) -> ResponseReturnValue:
    found = matching().ranking_place(ranking_id=ranking_id)
    form = AppealForm().renewed()
    if not form.validate_on_submit():
        people = [one["appealed_by"] for one in found["appeals"]]
        return show(
            "ranking/place.html",
            form,
            found=found,
            words=words,
            people=names_of(access.the_parts(), access.account(), people),
            may_appeal=found["is_newest"] and all(one["state"] != "waiting" for one in found["appeals"]),
        )
    matching().appeal_ranking(appeal_id=form.form_id.data, ranking_id=ranking_id, note=form.note.data or "")
    tell(outcome=f"{found['list']}, {found['quarter']}")
    flash("Your appeal is sent. You see the council’s answer here.")
    return redirect(url_for("ranking_own.one", ranking_id=ranking_id), 303)
