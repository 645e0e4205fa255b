"""Pages of bulk actions: what will be done to the chosen rows and in money, what became of them, and all there were."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.lists import COUNTED_TO
from services.portal.bulk import steps, views
from services.portal.bulk.acts import Act, require_act
from services.portal.bulk.forms import PressForm, facts_of
from services.portal.bulk.rules import DOING, DONE, MOST_ROWS, SHOWN, STOPPED
from services.portal.schema.tables_bulk import BulkAction
from services.portal.web import access
from services.portal.web.access import caller, signed_in, the_parts
from services.portal.web.cursors import cursor_of, moment_and_id, place_of
from services.portal.web.formats import counted
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked, cut_page, link_on
from services.portal.web.telling import tell_not_done, tell_whether_done

pages = Blueprint("bulk", __name__, url_prefix="/bulk-actions")

ACTIONS_SHOWN = ROWS_SHOWN = 50
READING = (rights.READ_VISITS, rights.READ_HOLDS, rights.READ_CASEWORK, rights.READ_DOCUMENTS)
ACTING = (
    rights.SEND_VISITS,
    rights.HOLD_PAYMENTS,
    rights.SETTLE_CASEWORK,
    rights.ANSWER_DOCUMENTS,
    rights.PUBLISH_DOCUMENTS,
)
LIST = Listing(
    "bulk action",
    "bulk actions",
    rows="actions",
    columns={
        "What was done": "act.words.title",
        "By whom": name_from("people", "action.who"),
        "Begun": "action.began_at",
        "Provider": "whose",
        "Done": "sums.done",
        "Not done": lambda one, page: one.sums.left + one.sums.to_do,
        "Amount": "sums.amount_done",
    },
    is_of_provider=False,
)
GONE_ON = "A service did not answer in time. What was done is done once: press the button again for the rest."


@also_as_csv(pages)
@pages.get("")
@signed_in(*READING)
def actions() -> ResponseReturnValue:
    shown = rows_wanted(ACTIONS_SHOWN)
    found = views.newest_shown(caller(), moment_and_id(cursor_asked()), shown + 1)
    page = cut_page(found, shown, views.place_of)
    people = names_of(the_parts(), access.account(), (one.action.who for one in page.rows))
    return render_list(
        LIST,
        "bulk/actions.html",
        count=lambda: len(views.newest_shown(caller(), None, COUNTED_TO + 1)),
        actions=page.rows,
        people=people,
        more=link_on("bulk.actions", page.cursor),
    )


@pages.post("/choose/<bulk_act>")
@signed_in(*ACTING)
def choose(bulk_act: str) -> ResponseReturnValue:
    """What is ticked in a list, or all that its filters show, goes to the page that says what would be done."""
    act = _require_allowed(bulk_act)
    filters = request.args.to_dict()
    all_shown = request.form.get("all") == "y"
    try:
        bulk_id = steps.begin(act, caller(), request.form.getlist(act.box), filters, all_shown=all_shown)
    except Refused as refused:
        if refused.code != "nothing_chosen":
            raise
        tell_not_done(refused.message)
        return redirect(act.list_address(filters), 303)
    return redirect(url_for("bulk.one", bulk_id=bulk_id), 303)


@pages.get("/<uuid:bulk_id>")
@signed_in(*READING)
def one(bulk_id: uuid.UUID) -> ResponseReturnValue:
    action = steps.require_seen(caller(), bulk_id)
    act = require_act(action.act)
    if not access.may(act.reads, act.needs):
        abort(404)
    page = _facts_of(action, act)
    form = act.form(page["whose"]) if action.state == SHOWN else PressForm(formdata=None)
    return render_template("bulk/action.html", form=form, **page)


@pages.post("/<uuid:bulk_id>")
@signed_in(*ACTING)
def press(bulk_id: uuid.UUID) -> ResponseReturnValue:
    action = steps.require_own(caller(), bulk_id)
    act = _require_allowed(action.act)
    page = _facts_of(action, act)
    form = act.form(page["whose"]) if action.state == SHOWN else PressForm()
    if not form.validate_on_submit():
        return show("bulk/action.html", form, **page)
    if action.state == SHOWN and act.judge is not None:
        try:
            act.judge(form)
        except Refused as refused:
            return show_refusal("bulk/action.html", form, refused, **page)
    found = steps.press(act, bulk_id, facts_of(form))
    if found.to_do:
        tell_not_done(GONE_ON)
    else:
        sentence = f"{counted(found.done, act.words.one, act.words.many)} {act.words.done}."
        left = (
            f" {counted(found.left, act.words.one, act.words.many)} could not be: see why below."
            if found.left
            else ""
        )
        tell_whether_done(found.done > 0, sentence + left)
        if act.leads_to is not None and found.done:
            return redirect(act.leads_to(bulk_id), 303)
    return redirect(url_for("bulk.one", bulk_id=bulk_id), 303)


def _require_allowed(name: str) -> Act:
    """An act of those who may do it. 404 for one that there is not, 403 for whoever may not."""
    act = require_act(name)
    if not access.may(act.needs):
        abort(403, "Your account has no access to this page.")
    return act


def _facts_of(action: BulkAction, act: Act) -> dict[str, Any]:
    (found,) = views.show([action])
    place = place_of(cursor_asked(), int)
    first = place[0] if place else 0
    rows = views.list_rows(action.bulk_id, first, ROWS_SHOWN + 1)
    cursor = cursor_of(first + ROWS_SHOWN) if len(rows) > ROWS_SHOWN else None
    return {
        "found": found,
        "rows": rows[:ROWS_SHOWN],
        "more": link_on("bulk.one", cursor, bulk_id=action.bulk_id),
        "whose": found.organisations,
        "labels": {field.name: field.label.text for field in act.form(found.organisations, formdata=None)},
        "people": names_of(the_parts(), access.account(), [action.who]),
        "is_own": action.who == caller()["who"] and access.may(act.needs),
        "most": MOST_ROWS,
        "states": {"shown": SHOWN, "doing": DOING, "stopped": STOPPED, "done": DONE},
        "leads_to": act.leads_to(action.bulk_id) if act.leads_to and found.sums.done else None,
    }
