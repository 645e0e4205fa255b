"""Frozen rankings with the appeals against them, and the council's answers (RULES 16)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.matching.monitoring.ranking import FrozenRanking
from services.portal.audit.telling import tell
from services.portal.ranking import words
from services.portal.ranking.forms import AnswerForm
from services.portal.ranking.letters import tell_of_answer
from services.portal.ranking.pages import may_run
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import matching
from services.portal.web.forms.faults import show
from services.portal.web.names.people import names_of

pages = Blueprint("ranking_frozen", __name__, url_prefix="/rankings/<uuid:ranking_id>")


@pages.get("")
@signed_in(rights.READ_RANKINGS)
def one(ranking_id: uuid.UUID) -> ResponseReturnValue:
    found = matching().frozen_ranking(ranking_id=ranking_id)
    return render_template(
        "ranking/frozen.html",
        found=found,
        ranking=found["ranking"],
        providers={one["organisation_id"]: one["organisation"] for one in found["ranking"]["organisations"]},
        people=_people(found),
        words=words,
        may_run=may_run(),
    )


@pages.route("/appeals/<uuid:appeal_id>", methods=["GET", "POST"])
@signed_in(rights.CHANGE_RANKINGS)
def answer(ranking_id: uuid.UUID, appeal_id: uuid.UUID) -> ResponseReturnValue:
    found, form = matching().frozen_ranking(ranking_id=ranking_id), AnswerForm()
    appeal = next((one for one in found["appeals"] if one["appeal_id"] == str(appeal_id)), None)
    if appeal is None:
        raise Refused("not_found", "There is no such appeal.")
    place = next(
        one
        for one in found["ranking"]["organisations"]
        if one["organisation_id"] == appeal["organisation_id"]
    )
    if not form.validate_on_submit():
        return show(
            "ranking/answer.html",
            form,
            found=found,
            appeal=appeal,
            place=place,
            people=_people(found),
            words=words,
        )
    is_upheld = form.decision.data == "uphold"
    done = matching().answer_ranking_appeal(
        appeal_id=appeal_id, is_upheld=is_upheld, reason=form.reason.data or ""
    )
    tell(organisation=place["organisation"], outcome=done["state"])
    tell_of_answer(done)
    if not is_upheld:
        flash("The appeal is dismissed. The provider sees your reason.")
        return redirect(url_for("ranking_frozen.one", ranking_id=ranking_id), 303)
    flash("The appeal is upheld. Put right what was wrong, then propose to freeze the ranking anew.")
    return redirect(url_for("ranking.one", list_id=found["list_id"], quarter=found["quarter"]), 303)


def _people(found: FrozenRanking) -> dict[str, str]:
    ids = [found["proposed_by"], found["confirmed_by"]]
    ids += [who for one in found["appeals"] for who in (one["appealed_by"], one["answered_by"]) if who]
    return names_of(access.the_parts(), access.account(), ids)
