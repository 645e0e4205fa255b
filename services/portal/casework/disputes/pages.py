"""Disputes: the list with its filters, one with its visits as they are now, and what is said in it (RULES 9)."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.files.values import cleaned, parse_date
from services.portal.accounts import rules as accounts_rules
from services.portal.casework.cases import views as cases_views
from services.portal.casework.disputes.forms import DisputeForm, ResolveForm
from services.portal.casework.disputes.views import LETTERS, OPEN, STATES, identifiers_of, with_present
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import (
    KEEPERS,
    READERS,
    SENDERS,
    ask,
    caller,
    gateway,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.organisations import id_of
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("disputes", __name__, url_prefix="/disputes")

SHOWN = 50
KIND = "dispute"
VERBS = {
    "request_resolution": "requested resolution",
    "ask_again": "asked again",
    "resolve": "resolved the dispute",
    "withdraw_visits": "withdrew the visits",
    "take_back": "took the dispute back",
}
BUTTONS = {
    "request_resolution": ("Request Resolution", ""),
    "ask_again": ("Ask again", ""),
    "resolve": ("Resolve", ""),
    "withdraw_visits": ("Withdraw the visits", "warning"),
    "take_back": ("Take the dispute back", "secondary"),
}
DONE = {
    "": "Your message is kept.",
    "request_resolution": "The resolution request has been sent to the LA.",
    "ask_again": "The provider is asked again, and has seven days.",
    "resolve": "The dispute is resolved.",
    "withdraw_visits": "The dispute is resolved. Its visits are being deleted, and what they paid is taken back.",
    "take_back": "The dispute is taken back.",
}
Row = dict[str, Any]


@pages.get("")
@signed_in(*READERS)
def disputes() -> ResponseReturnValue:
    return _list(ResolveForm(formdata=None, message_id=str(uuid.uuid4())))


@pages.post("/resolve")
@signed_in(*KEEPERS)
def resolve() -> ResponseReturnValue:
    form = ResolveForm()
    chosen = [found for one in request.form.getlist("case") if (found := _uuid(one))][:SHOWN]
    message_id = _uuid(form.message_id.data)
    if not form.validate_on_submit() or message_id is None:
        return _list(form), 400
    if not chosen:
        return _list(form, "Choose the disputes that you resolve"), 400
    words = (form.words.data or "").strip()
    ids = [str(one) for one in chosen]
    done = ask("disputes", "resolve_disputes", case_ids=ids, message_id=str(message_id), words=words)
    for organisation_id, number in Counter(done["resolved"]).items():
        sentence = LETTERS["resolve"] if number == 1 else f"The council has resolved {number} disputes."
        cases_views.tell_provider(KIND, [organisation_id], sentence, "/disputes", about=message_id)
    number = len(done["resolved"])
    flash(
        f"{number} {'dispute is' if number == 1 else 'disputes are'} resolved."
        + (f" {done['left']} could not be, and stay as they are." if done["left"] else "")
    )
    return redirect(url_for("disputes.disputes", organisation=organisation_chosen()), 303)


@pages.get("/<uuid:case_id>")
@signed_in(*READERS)
def one(case_id: uuid.UUID) -> ResponseReturnValue:
    return _page(_found(case_id), DisputeForm(formdata=None))


@pages.post("/<uuid:case_id>")
@signed_in(*SENDERS)
def answer(case_id: uuid.UUID) -> ResponseReturnValue:
    found = _found(case_id)
    move = request.form.get("move", "")
    form = DisputeForm().for_move(move)
    if move and move not in VERBS:
        abort(400, "Go back to the dispute and use one of its buttons.")
    if not form.validate_on_submit():
        return _page(found, form), 400
    message_id = form.id_of_message()
    if move == "withdraw_visits":
        which = {"case_id": str(case_id), "message_id": str(message_id)}
        said = ask("disputes", "withdraw_visits", **which, **form.said())
    else:
        said = cases_views.say(KIND, case_id, form, move)
    flash(DONE[move] if said["is_moved"] else cases_views.KEPT_ALL_THE_SAME)
    made = move if said["is_moved"] else ""
    if made in LETTERS:
        place = f"/disputes/{case_id}"
        cases_views.tell_provider(KIND, [found["organisation_id"]], LETTERS[made], place, about=message_id)
    return redirect(url_for("disputes.one", case_id=case_id), 303)


def _list(form: ResolveForm, problem: str | None = None) -> str:
    chosen, wrong = _chosen()
    after = moment_and_id(request.args.get("cursor"))
    whose = id_of(gateway(), caller(), chosen["organisation"]) if is_council() else None
    rows = ask(
        "disputes",
        "cases",
        kind=KIND,
        states=chosen["status"],
        organisation_id=whose,
        clients=identifiers_of(gateway(), caller(), chosen["client"]),
        first_on=chosen["first"],
        last_on=chosen["last"],
        is_overdue=bool(chosen["overdue"]),
        after=[after[0].isoformat(), str(after[1])] if after else None,
        limit=SHOWN + 1,
    )
    more = None
    if len(rows) > SHOWN:
        rows = rows[:SHOWN]
        place: Row = {"cursor": cursor_of(rows[-1]["opened_at"], rows[-1]["case_id"])}
        more = url_for("disputes.disputes", **chosen, **place)
    names = organisations()
    return render_template(
        "disputes/disputes.html",
        rows=cases_views.named(rows),
        more=more,
        counts=ask("disputes", "case_counts")[KIND],
        chosen=chosen,
        wrong=wrong,
        states=STATES,
        organisations=names,
        form=form,
        problem=problem,
        may_resolve=accounts_rules.is_among(access.account().role, KEEPERS),
    )


def _chosen() -> tuple[Row, dict[str, str]]:
    """The filters, and what is wrong with them by name."""
    wrong, days = {}, {}
    for name in ("first", "last"):
        text = request.args.get(name, "").strip()[:20]
        days[name] = _day(text)
        if text and days[name] is None:
            wrong[name] = "Enter a day as a date, such as 2022-10-03"
    states = [one for one in request.args.getlist("status") if one in STATES]
    return {
        **days,
        "client": request.args.get("client", "")[:100] or None,
        "status": states or list(OPEN),
        "organisation": organisation_chosen(),
        "overdue": "y" if request.args.get("overdue") else None,
    }, wrong


def _day(text: str) -> str | None:
    day = parse_date(cleaned(text))
    return day.isoformat() if day else None


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _found(case_id: uuid.UUID) -> Row:
    """The dispute in words, with its visits as they are now. Raises Refused ``not_found``."""
    found: Row = ask("disputes", "dispute", case_id=str(case_id))
    cases_views.named([cases_views.with_people(found)])
    return with_present(gateway(), caller(), found)


def _page(found: Row, form: DisputeForm) -> str:
    may_answer = accounts_rules.is_among(access.account().role, SENDERS)
    moves = [
        (move, *BUTTONS[move]) for move in found["allowed"] if move != "withdraw_visits" or found["visits"]
    ]
    comment = ("", "Add a comment" if moves else "Send", "secondary" if moves else "")
    return render_template(
        "disputes/dispute.html",
        found=found,
        form=form.for_side(is_council=is_council()).renewed(),
        verbs=VERBS,
        buttons=[*moves, comment] if may_answer and found["is_open"] else [],
        types=VISIT_TYPES,
        is_council=is_council(),
        may_change=may_answer,
    )
