"""Payment enquiries: a provider questions a payment, or a missing one; the council answers and settles (RULES 8)."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import ENQUIRY
from libs.common.rights import names as rights
from services.portal.casework.cases.pages import go_to
from services.portal.casework.conversations.forms import EnquiryForm, MissingPaymentForm
from services.portal.casework.conversations.pages import (
    answer_conversation,
    list_conversations,
    show_conversation,
)
from services.portal.casework.conversations.subjects import (
    AboutPayment,
    about_missing_payment,
    find_about_item,
    find_about_period,
)
from services.portal.web.access import signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import disputes
from services.portal.web.forms.faults import show
from services.portal.web.listing.lists import also_as_csv
from services.portal.web.names.picking import picks_client

pages = Blueprint("enquiries", __name__, url_prefix="/enquiries")


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CASEWORK)
@picks_client
def listed() -> ResponseReturnValue:
    return list_conversations(ENQUIRY, "enquiries/enquiries.html")


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.OPEN_OWN_CASES)
def new() -> ResponseReturnValue:
    """About an item (`?item=…`), a period (`?period=2022-10-03`), or a payment that is missing."""
    about = _find_about()
    return _new_missing(MissingPaymentForm().renewed()) if about is None else _new(about)


def _new(about: AboutPayment) -> ResponseReturnValue:
    form = EnquiryForm().renewed()
    if not form.validate_on_submit():
        return show("enquiries/new.html", form, about=about)
    return _begin(about, form)


def _new_missing(form: MissingPaymentForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return show("enquiries/new.html", form, about=None)
    amount = form.pounds()
    about = about_missing_payment(form.client.data, form.day(), None if amount is None else str(amount))
    return _begin(about, form)


def _begin(about: AboutPayment, form: EnquiryForm) -> ResponseReturnValue:
    """Send a form without faults."""
    disputes().open_enquiry(case_id=form.id_of_message(), **about, **form.said())
    flash("The enquiry is sent. The council has seven days to answer.")
    return go_to(ENQUIRY, form.id_of_message())


@pages.get("/<uuid:enquiry_id>")
@signed_in(rights.READ_CASEWORK)
def one(enquiry_id: uuid.UUID) -> ResponseReturnValue:
    return show_conversation(ENQUIRY, enquiry_id)


@pages.post("/<uuid:enquiry_id>/messages")
@signed_in(rights.ANSWER_CASEWORK)
def say(enquiry_id: uuid.UUID) -> ResponseReturnValue:
    return answer_conversation(ENQUIRY, enquiry_id)


def _find_about() -> AboutPayment | None:
    """What the address says that it is about; nothing for a payment that is missing."""
    if "item" in request.args:
        return find_about_item(_item_id())
    start = request.args.get("period")
    return find_about_period(period_start(start)) if start is not None else None


def _item_id() -> str:
    try:
        return str(uuid.UUID(request.args["item"]))
    except ValueError:
        abort(404)
