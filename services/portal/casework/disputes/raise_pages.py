"""The council raises disputes: on a visit, on several of a week's, or on the week of a line item (RULES 9)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.days import DayAround
from libs.common.casework.cases import DISPUTE, MOST_CPLI_ID
from libs.common.errors import Refused
from libs.common.files.values import control_character, parse_date
from libs.common.rights import names as rights
from libs.common.seams.ingest.visits import Visit
from services.portal.casework.cases.pages import go_to
from services.portal.casework.disputes import raising
from services.portal.casework.disputes.forms import VISIT, RaiseForm
from services.portal.casework.disputes.raising import MOST_VISITS, VisitKey, Wanted, Week
from services.portal.casework.disputes.words import EXPLAINED
from services.portal.visits.views import client_of
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, matching
from services.portal.web.coming_back import unsent
from services.portal.web.names.clients import client_names
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("disputes_raise", __name__, url_prefix="/raise-disputes")

NONE_CHOSEN = "Go back to the visits, tick those that you question, and press the button again."


@pages.get("")
@signed_in(rights.SETTLE_CASEWORK)
def form() -> ResponseReturnValue:
    chosen = request.args.getlist("visit") or unsent.values_of("visit")
    return _page(RaiseForm(formdata=None), chosen, _week(request.args) or _week(unsent.everything()))


@pages.post("/choose")
@signed_in(rights.SETTLE_CASEWORK)
def choose() -> ResponseReturnValue:
    """The form for the visits that were ticked in a list: too many for an address, and nothing is changed yet."""
    return _page(RaiseForm(formdata=None), request.form.getlist("visit"), None)


@pages.post("")
@signed_in(rights.SETTLE_CASEWORK)
def raise_them() -> ResponseReturnValue:
    sent, keys, week = RaiseForm(), request.form.getlist("visit"), _week(request.form)
    if not sent.validate_on_submit():
        return _page(sent, keys, week), 400
    try:
        seed = uuid.UUID(sent.message_id.data or "")
    except ValueError:
        abort(400, "Go back and open the form again.")
    said = Wanted(seed, sent.reason.data, sent.words.data.strip())
    if week is not None:
        wanted = [raising.find_dispute_on_week(week, said)]
    else:
        wanted = raising.disputes_on_visits(_find_visits(keys), said, one_each=sent.each.data == VISIT)
    try:
        raising.raise_disputes(wanted)
    except Refused as refused:
        if refused.code != "already_disputed":
            raise
        return _page(sent, keys, week, refused.message), 422
    number = len(wanted)
    flash("The dispute is raised." if number == 1 else f"{number} disputes are raised.")
    if number == 1:
        return go_to(DISPUTE, wanted[0]["case_id"])
    return redirect(url_for("disputes.disputes"), 303)


def _page(sent: RaiseForm, keys: Sequence[str], week: Week | None, problem: str | None = None) -> str:
    if not sent.message_id.data:
        sent.message_id.data = str(uuid.uuid4())
    visits = [] if week is not None else _find_visits(keys)
    item = matching().line_item(cpli_id=week.cpli_id) if week is not None else None
    return render_template(
        "disputes/raise.html",
        form=sent,
        problem=problem,
        visits=[{**visit, "client": client_of(visit)} for visit in visits],
        names=client_names(gateway(), caller(), map(client_of, visits)),
        week=week,
        item=item,
        actual=raising.find_actual(week) if week is not None else None,
        reasons=EXPLAINED,
        types=VISIT_TYPES,
    )


def _find_visits(keys: Sequence[str]) -> list[Visit]:
    """The visits that are chosen. Each key is `organisation id/VisitRef`."""
    wanted = [_key(key) for key in dict.fromkeys(keys)]
    if not wanted:
        abort(400, NONE_CHOSEN)
    if len(wanted) > MOST_VISITS:
        abort(400, f"Go back and choose {MOST_VISITS} visits or fewer at a time.")
    return raising.find_visits(wanted)


def _key(text: str) -> VisitKey:
    organisation_id, _, ref = text.partition("/")
    try:
        found = str(uuid.UUID(organisation_id))
    except ValueError:
        abort(400, NONE_CHOSEN)
    if not ref or len(ref) > 50 or control_character(ref):
        raise Refused("not_found", "There is no visit with this reference.")
    return found, ref


def _week(given: Any) -> Week | None:
    """The week of a line item that is named, if one is."""
    text = given.get("cpli_id")
    if text is None:
        return None
    monday = parse_date(given.get("week", ""), DayAround.first, DayAround.last)
    cpli_id = int(text) if text.isdecimal() and len(text) < 20 else 0
    if monday is None or monday.weekday() != 0 or not 0 < cpli_id <= MOST_CPLI_ID:
        abort(400, "Go back to the care package line item and choose one of its weeks.")
    return Week(cpli_id, monday)
