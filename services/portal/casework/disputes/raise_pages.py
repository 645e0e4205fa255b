"""The council raises disputes: on a visit, on several of a week's, or on the week of a line item (RULES 9)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.days import DayAround
from libs.common.errors import Refused
from libs.common.files.values import control_character, parse_date
from services.portal.casework.cases import views as cases_views
from services.portal.casework.disputes import views
from services.portal.casework.disputes.forms import VISIT, RaiseForm
from services.portal.casework.disputes.views import MOST_VISITS, Week
from services.portal.visits.views import client_of
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import KEEPERS, ask, caller, gateway
from services.portal.web.client_names import client_names
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("disputes_raise", __name__, url_prefix="/raise-disputes")

NONE_CHOSEN = "Go back to the visits, tick those that you question, and press the button again."

Row = dict[str, Any]
Key = tuple[str, str]
"""(organisation id, VisitRef)"""


@pages.get("")
@signed_in(*KEEPERS)
def form() -> ResponseReturnValue:
    return _page(RaiseForm(formdata=None), request.args.getlist("visit"), _week(request.args))


@pages.post("/choose")
@signed_in(*KEEPERS)
def choose() -> ResponseReturnValue:
    """The form for the visits that were ticked in a list: too many for an address, and nothing is changed yet."""
    return _page(RaiseForm(formdata=None), request.form.getlist("visit"), None)


@pages.post("")
@signed_in(*KEEPERS)
def raise_them() -> ResponseReturnValue:
    sent, keys, week = RaiseForm(), request.form.getlist("visit"), _week(request.form)
    if not sent.validate_on_submit():
        return _page(sent, keys, week), 400
    try:
        seed = uuid.UUID(sent.message_id.data or "")
    except ValueError:
        abort(400, "Go back and open the form again.")
    said: Row = {"seed": seed, "reason": sent.reason.data, "words": sent.words.data.strip()}
    if week is not None:
        wanted = views.on_week(gateway(), caller(), week, **said)
    else:
        wanted = views.on_visits(_visits(keys), one_each=sent.each.data == VISIT, **said)
    try:
        ask("disputes", "raise_disputes", disputes=wanted)
    except Refused as refused:
        if refused.code != "already_disputed":
            raise
        return _page(sent, keys, week, refused.message), 422
    cases_views.tell_of_raised(access.the_parts(), wanted)
    number = len(wanted)
    flash("The dispute is raised." if number == 1 else f"{number} disputes are raised.")
    if number == 1:
        return redirect(url_for("disputes.one", case_id=wanted[0]["case_id"]), 303)
    return redirect(url_for("disputes.disputes"), 303)


def _page(sent: RaiseForm, keys: Sequence[str], week: Week | None, problem: str | None = None) -> str:
    if not sent.message_id.data:
        sent.message_id.data = str(uuid.uuid4())
    visits = [] if week is not None else _visits(keys)
    for visit in visits:
        visit["client"] = client_of(visit)
    item = ask("matching", "line_item", cpli_id=week.cpli_id) if week is not None else None
    return render_template(
        "disputes/raise.html",
        form=sent,
        problem=problem,
        visits=visits,
        names=client_names(gateway(), caller(), (visit["client"] for visit in visits)),
        week=week,
        item=item,
        actual=views.actual_of(gateway(), caller(), week) if week is not None else None,
        reasons=views.REASONS,
        types=VISIT_TYPES,
    )


def _visits(keys: Sequence[str]) -> list[Row]:
    """The visits that are chosen. Each key is `organisation id/VisitRef`."""
    wanted = [_key(key) for key in dict.fromkeys(keys)]
    if not wanted:
        abort(400, NONE_CHOSEN)
    if len(wanted) > MOST_VISITS:
        abort(400, f"Go back and choose {MOST_VISITS} visits or fewer at a time.")
    return views.visits_named(gateway(), caller(), wanted)


def _key(text: str) -> Key:
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
    if monday is None or monday.weekday() != 0 or not 0 < cpli_id < 2**63:
        abort(400, "Go back to the care package line item and choose one of its weeks.")
    return Week(cpli_id, monday)
