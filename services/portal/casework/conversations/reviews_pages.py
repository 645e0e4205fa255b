"""Provider-led reviews: asked for, approved internally where that is needed, approved with the CpliId (RULES 12; [003])."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import REVIEW
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.disputes.cases import Case
from services.portal.casework.cases.pages import go_on, go_to, today
from services.portal.casework.conversations.forms import DAYS, ApproveForm, ApproveInternallyForm, ReviewForm
from services.portal.casework.conversations.pages import (
    answer_conversation,
    list_conversations,
    show_conversation,
)
from services.portal.casework.conversations.subjects import find_about_review, require_line_item
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.lists import also_as_csv
from services.portal.web.names.picking import picks_client

pages = Blueprint("reviews", __name__, url_prefix="/reviews")


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CASEWORK)
@picks_client
def listed() -> ResponseReturnValue:
    return list_conversations(REVIEW, "reviews/reviews.html")


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.OPEN_OWN_CASES)
def new() -> ResponseReturnValue:
    form = ReviewForm().renewed()
    if request.method == "GET":
        form.cpli_id.data = request.args.get("cpli", type=int)
    day = today()
    if not form.validate_on_submit():
        return show("reviews/new.html", form, today=day)
    try:
        _send(form)
    except Refused as refused:
        return show_refusal("reviews/new.html", form, refused, today=day)
    flash("The review is sent to the council.")
    return go_to(REVIEW, form.id_of_message())


@pages.get("/<uuid:review_id>")
@signed_in(rights.READ_CASEWORK)
def one(review_id: uuid.UUID) -> ResponseReturnValue:
    return show_conversation(REVIEW, review_id, **_facts_of_page())


@pages.post("/<uuid:review_id>/messages")
@signed_in(rights.ANSWER_CASEWORK)
def say(review_id: uuid.UUID) -> ResponseReturnValue:
    return answer_conversation(REVIEW, review_id, **_facts_of_page())


@pages.route("/<uuid:review_id>/approve-internally", methods=["GET", "POST"])
@signed_in(rights.APPROVE_REVIEWS_INTERNALLY)
def approve_internally(review_id: uuid.UUID) -> ResponseReturnValue:
    """The first of two approvals."""
    template, form = "reviews/approve_internally.html", ApproveInternallyForm().renewed()
    found = disputes().case(kind=REVIEW, case_id=review_id)
    if not form.validate_on_submit():
        return show(template, form, found=found, days=DAYS)
    message_id = form.id_of_message()
    try:
        said = disputes().approve_review_internally(case_id=review_id, message_id=message_id, **form.said())
    except Refused as refused:
        return show_refusal(template, form, refused, found=found, days=DAYS)
    return go_on(found, "approve_internally", said, message_id)


@pages.route("/<uuid:review_id>/approve", methods=["GET", "POST"])
@signed_in(rights.SETTLE_CASEWORK)
def approve(review_id: uuid.UUID) -> ResponseReturnValue:
    """The approval by which the care is added."""
    template, form = "reviews/approve.html", ApproveForm().renewed()
    found = disputes().case(kind=REVIEW, case_id=review_id)
    if not form.validate_on_submit():
        return show(template, form, found=found, days=DAYS)
    message_id, cpli_id = form.id_of_message(), form.cpli_id.data
    try:
        refuse_strange(found, cpli_id)
        said = disputes().approve_review(
            case_id=review_id, message_id=message_id, cpli_id=cpli_id, **form.said()
        )
    except Refused as refused:
        return show_refusal(template, form, refused, found=found, days=DAYS)
    return go_on(found, "approve", said, message_id)


def _facts_of_page() -> dict[str, Any]:
    may = {
        "approve_internally": access.may(rights.APPROVE_REVIEWS_INTERNALLY),
        "approve": access.may(rights.SETTLE_CASEWORK),
    }
    return {"may": may, "days": DAYS}


def _send(form: ReviewForm) -> None:
    """Send a form without faults. Raises Refused with the field that it is about."""
    rows, (first_on, last_on) = form.visits(), form.days()
    about = find_about_review(form.cpli_id.data, first_on, last_on, [visit for _, visit in rows])
    try:
        disputes().open_review(case_id=form.id_of_message(), **about, **form.said())
    except Refused as refused:
        raise _beside_its_row(refused, [number for number, _ in rows]) from None


def _beside_its_row(refused: Refused, numbers: list[int]) -> Refused:
    """A refusal about a visit, as one about the row of the form that it was written in."""
    field = (refused.details or {}).get("field", "")
    name, _, place = field.partition(".")
    if name != "visits":
        return refused
    number = numbers[int(place)] if int(place) < len(numbers) else 1
    return Refused(refused.code, refused.message, {"field": f"day_{number}"})


def refuse_strange(review: Case, cpli_id: int) -> None:
    """A CpliId that is in use already may only be this care, sent by the council's own system meanwhile."""
    try:
        item = require_line_item(cpli_id)
    except Refused:
        return
    own = require_line_item(review["cpli_id"] or 0)
    is_same = (item["client_id"], item["organisation_id"]) == (own["client_id"], own["organisation_id"])
    if cpli_id == own["cpli_id"] or not is_same:
        sentence = f"CpliId {cpli_id} is other care: enter the one that your own system gave the extra care"
        raise Refused("cpli_taken", sentence, {"field": "cpli_id"})
