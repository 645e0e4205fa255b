"""Payment enquiries: a provider questions a payment, or a missing one; the council answers and settles (RULES 8)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from services.portal.casework.cases.pages import SAYERS, Conversing, Row, begun
from services.portal.casework.conversations.forms import EnquiryForm, MissingPaymentForm
from services.portal.casework.conversations.subjects import missing
from services.portal.web.access import signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import READERS, ask
from services.portal.web.form_faults import show

pages = Blueprint("enquiries", __name__, url_prefix="/enquiries")

ENQUIRIES = Conversing("enquiry", "enquiries", "enquiry_id")


@pages.get("")
@signed_in(*READERS)
def listed() -> ResponseReturnValue:
    return ENQUIRIES.listed("enquiries/enquiries.html")


@pages.route("/new", methods=["GET", "POST"])
@signed_in("provider")
def new() -> ResponseReturnValue:
    """About an item (`?item=…`), a period (`?period=2022-10-03`), or a payment that is missing."""
    about = _about()
    form = EnquiryForm() if about else MissingPaymentForm()
    form.renewed()
    if not form.validate_on_submit():
        return show("enquiries/new.html", form, about=about)
    asked = about or _missing(form)
    answer = ask("disputes", "open_enquiry", case_id=str(form.id_of_message()), **asked, **form.said())
    return ENQUIRIES.began(answer, "The enquiry is sent. The council has seven days to answer.")


@pages.get("/<uuid:enquiry_id>")
@signed_in(*READERS)
def one(enquiry_id: uuid.UUID) -> ResponseReturnValue:
    return ENQUIRIES.shown(enquiry_id)


@pages.post("/<uuid:enquiry_id>/messages")
@signed_in(*SAYERS)
def say(enquiry_id: uuid.UUID) -> ResponseReturnValue:
    return ENQUIRIES.said(enquiry_id)


def _about() -> Row:
    """What the address says that it is about; nothing for a payment that is missing."""
    if "item" in request.args:
        return begun().about_item(_item_id())
    start = request.args.get("period")
    return begun().about_period(period_start(start)) if start is not None else {}


def _item_id() -> str:
    try:
        return str(uuid.UUID(request.args["item"]))
    except ValueError:
        abort(404)


def _missing(form: Any) -> Row:
    amount = form.pounds()
    return missing(form.client.data, form.week.data, None if amount is None else str(amount))
