"""Actions: a conversation about a care package line item, or about anything, with the change requests (RULES 12; [004])."""

from __future__ import annotations

import uuid

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from services.portal.casework.cases.pages import SAYERS, Conversing, begun
from services.portal.casework.conversations.forms import ActionForm
from services.portal.contacts import change_requests_pages
from services.portal.web.access import signed_in
from services.portal.web.calls import READERS, ask, is_council, organisations
from services.portal.web.form_faults import show, show_refusal

pages = Blueprint("actions", __name__, url_prefix="/actions")

ACTIONS = Conversing("action", "actions", "action_id")


@pages.get("")
@signed_in(*READERS)
def listed() -> ResponseReturnValue:
    more = {} if is_council() else change_requests_pages.newest()
    return ACTIONS.listed("actions/actions.html", **more)


@pages.route("/new", methods=["GET", "POST"])
@signed_in(*SAYERS)
def new() -> ResponseReturnValue:
    form = ActionForm().of(organisations())
    if request.method == "GET":
        form.cpli_id.data = request.args.get("cpli", type=int)
    if not form.validate_on_submit():
        return show("actions/new.html", form, is_council=is_council())
    try:
        about = begun().action(
            form.cpli_id.data, form.organisation.data or None if form.organisation else None
        )
        asked = {"case_id": str(form.id_of_message()), "subject": form.subject.data, **about}
        answer = ask("disputes", "open_action", **asked, **form.said())
    except Refused as refused:
        return show_refusal("actions/new.html", form, refused, is_council=is_council())
    if is_council():
        found = ask("disputes", "case", kind="action", case_id=answer["case_id"])
        ACTIONS.tell(found, "open", form.id_of_message())
    whose = "the provider" if is_council() else "the council"
    return ACTIONS.began(answer, f"The action is submitted, and assigned to {whose}.")


@pages.get("/<uuid:action_id>")
@signed_in(*READERS)
def one(action_id: uuid.UUID) -> ResponseReturnValue:
    return ACTIONS.shown(action_id)


@pages.post("/<uuid:action_id>/messages")
@signed_in(*SAYERS)
def say(action_id: uuid.UUID) -> ResponseReturnValue:
    return ACTIONS.said(action_id)
