"""A provider confirms the scheduled payment of a period, or rejects it with a reason (RULES 8)."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import period_end_of
from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.money.periods.forms import AnswerForm, RejectForm
from services.portal.web.access import signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import payments
from services.portal.web.forms.faults import show, show_refusal

pages = Blueprint("payments_answers", __name__, url_prefix="/payments")


@pages.post("/<start>/confirm")
@signed_in(rights.ANSWER_PAYMENTS)
def confirm(start: str) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate_on_submit():
        abort(400, "Go back to the payment period and use its button.")
    payments().answer_period(start=start, answer="confirmed", payable=form.payable.data)
    tell(amount=form.payable.data, outcome="confirmed")
    flash("You have confirmed the payment.")
    return redirect(url_for("payments.one", start=start), 303)


@pages.route("/<start>/reject", methods=["GET", "POST"])
@signed_in(rights.ANSWER_PAYMENTS)
def reject(start: str) -> ResponseReturnValue:
    end = period_end_of(period_start(start))
    form = RejectForm()
    if request.method == "GET":
        form.payable.data = payments().payment_period(start=start)["total"]
    if not form.validate_on_submit():
        return show("payments/reject_period.html", form, start=start, end=end)
    try:
        payments().answer_period(
            start=start, answer="rejected", reason=form.reason.data, payable=form.payable.data
        )
    except Refused as refused:
        return show_refusal("payments/reject_period.html", form, refused, start=start, end=end)
    tell(amount=form.payable.data, outcome="rejected")
    flash("You have rejected the payment. The council sees your reason and looks into it.")
    return redirect(url_for("payments.one", start=start), 303)
