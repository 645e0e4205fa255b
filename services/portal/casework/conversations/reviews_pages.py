"""Provider-led reviews: asked for, approved internally where that is needed, approved with the CpliId (RULES 12; [003])."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from services.portal.accounts import rules as accounts_rules
from services.portal.casework.cases.pages import SAYERS, Conversing, Row, begun, today
from services.portal.casework.conversations.forms import DAYS, ApproveForm, ApproveInternallyForm, ReviewForm
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import KEEPERS, READERS, ask
from services.portal.web.form_faults import show, show_refusal

pages = Blueprint("reviews", __name__, url_prefix="/reviews")

REVIEWS = Conversing("review", "reviews", "review_id")
INTERNAL = ("finance", "approver")
"""Who approves internally; the review itself is approved by whoever keeps care: finance and commissioning."""


@pages.get("")
@signed_in(*READERS)
def listed() -> ResponseReturnValue:
    return REVIEWS.listed("reviews/reviews.html")


@pages.route("/new", methods=["GET", "POST"])
@signed_in("provider")
def new() -> ResponseReturnValue:
    form = ReviewForm()
    form.renewed()
    if request.method == "GET":
        form.cpli_id.data = request.args.get("cpli", type=int)
    page: Row = {"today": today()}
    if not form.validate_on_submit():
        return show("reviews/new.html", form, **page)
    try:
        answer = _asked(form)
    except Refused as refused:
        return show_refusal("reviews/new.html", form, refused, **page)
    return REVIEWS.began(answer, "The review is sent to the council.")


@pages.get("/<uuid:review_id>")
@signed_in(*READERS)
def one(review_id: uuid.UUID) -> ResponseReturnValue:
    return REVIEWS.shown(review_id, **_facts_of_page())


@pages.post("/<uuid:review_id>/messages")
@signed_in(*SAYERS)
def say(review_id: uuid.UUID) -> ResponseReturnValue:
    return REVIEWS.said(review_id, **_facts_of_page())


@pages.route("/<uuid:review_id>/approve-internally", methods=["GET", "POST"])
@signed_in(*INTERNAL)
def approve_internally(review_id: uuid.UUID) -> ResponseReturnValue:
    return _approval(review_id, ApproveInternallyForm(), "approve_internally", "approve_review_internally")


@pages.route("/<uuid:review_id>/approve", methods=["GET", "POST"])
@signed_in(*KEEPERS)
def approve(review_id: uuid.UUID) -> ResponseReturnValue:
    return _approval(review_id, ApproveForm(), "approve", "approve_review")


def _facts_of_page() -> Row:
    role = access.account().role
    may = {
        "approve_internally": accounts_rules.is_among(role, INTERNAL),
        "approve": accounts_rules.is_among(role, KEEPERS),
    }
    return {"may": may, "days": DAYS}


def _asked(form: ReviewForm) -> Row:
    """Send a form without faults. Raises Refused with the field that it is about."""
    rows, (first_on, last_on) = form.visits(), form.days()
    asked = begun().review(form.cpli_id.data, first_on, last_on, [visit for _, visit in rows])
    asked["case_id"] = str(form.id_of_message())
    try:
        answer: Row = ask("disputes", "open_review", **asked, **form.said())
    except Refused as refused:
        raise _beside_its_row(refused, [number for number, _ in rows]) from None
    return answer


def _beside_its_row(refused: Refused, numbers: list[int]) -> Refused:
    """A refusal about a visit, as one about the row of the form that it was written in."""
    field = (refused.details or {}).get("field", "")
    name, _, place = field.partition(".")
    if name != "visits":
        return refused
    number = numbers[int(place)] if int(place) < len(numbers) else 1
    return Refused(refused.code, refused.message, {"field": f"day_{number}"})


def _approval(review_id: uuid.UUID, form: Any, move: str, method: str) -> ResponseReturnValue:
    """The page of an approval, and what it sends."""
    found = ask("disputes", "case", kind="review", case_id=str(review_id))
    form.renewed()
    template = f"reviews/{move}.html"
    page: Row = {"found": found, "days": DAYS}
    if not form.validate_on_submit():
        return show(template, form, **page)
    about = {} if move == "approve_internally" else {"cpli_id": form.cpli_id.data}
    said = {"case_id": str(review_id), "message_id": str(form.id_of_message())}
    try:
        if about:
            refuse_strange(found, form.cpli_id.data)
        answer = ask("disputes", method, **said, **about, **form.said())
    except Refused as refused:
        return show_refusal(template, form, refused, **page)
    return REVIEWS.gone_on(found, move, answer, form.id_of_message())


def refuse_strange(found: Row, cpli_id: int) -> None:
    """A CpliId that is in use already may only be this care, sent by the council's own system meanwhile."""
    try:
        item = begun().line_item(cpli_id)
    except Refused:
        return
    own = begun().line_item(found["cpli_id"])
    if cpli_id == own["cpli_id"] or any(item[name] != own[name] for name in ("client_id", "organisation_id")):
        sentence = f"CpliId {cpli_id} is other care: enter the one that your own system gave the extra care"
        raise Refused("cpli_taken", sentence, {"field": "cpli_id"})
