"""Actions: a conversation about a care package line item, or about anything, with the change requests (RULES 12; [004])."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import ACTION
from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.casework.cases.letters import BEGUN, tell_of_move
from services.portal.casework.cases.pages import go_to
from services.portal.casework.conversations.forms import ActionForm
from services.portal.casework.conversations.pages import (
    answer_conversation,
    list_conversations,
    show_conversation,
)
from services.portal.casework.conversations.subjects import find_about_action
from services.portal.contacts.views import newest_requests
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, is_council, organisations
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.lists import also_as_csv
from services.portal.web.names.picking import picks_client

pages = Blueprint("actions", __name__, url_prefix="/actions")


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CASEWORK)
@picks_client
def listed() -> ResponseReturnValue:
    more = {} if is_council() else newest_requests()
    return list_conversations(ACTION, "actions/actions.html", **more)


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.ANSWER_CASEWORK)
def new() -> ResponseReturnValue:
    form = ActionForm().of(organisations())
    if request.method == "GET":
        form.cpli_id.data = request.args.get("cpli", type=int)
    if not form.validate_on_submit():
        return show("actions/new.html", form, is_council=is_council())
    case_id = form.id_of_message()
    try:
        organisation = form.organisation.data or None if form.organisation else None
        about = find_about_action(form.cpli_id.data, organisation)
        disputes().open_action(case_id=case_id, subject=form.subject.data, **about, **form.said())
    except Refused as refused:
        return show_refusal("actions/new.html", form, refused, is_council=is_council())
    if is_council():
        tell_of_move(disputes().case(kind=ACTION, case_id=case_id), BEGUN, case_id)
    whose = "the provider" if is_council() else "the council"
    flash(f"The action is submitted, and assigned to {whose}.")
    return go_to(ACTION, case_id)


@pages.get("/<uuid:action_id>")
@signed_in(rights.READ_CASEWORK)
def one(action_id: uuid.UUID) -> ResponseReturnValue:
    return show_conversation(ACTION, action_id)


@pages.post("/<uuid:action_id>/messages")
@signed_in(rights.ANSWER_CASEWORK)
def say(action_id: uuid.UUID) -> ResponseReturnValue:
    return answer_conversation(ACTION, action_id)
