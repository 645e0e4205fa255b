"""Debts of providers, for both sides: what was below nothing, what came off, what is still owed (RULES 8)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import period_end_of
from libs.common.rights import names as rights
from services.portal.money.periods.forms import ReasonForm
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import (
    gateway,
    organisation_chosen,
    organisations_question,
    payments,
)
from services.portal.web.forms.faults import show

pages = Blueprint("payments_debts", __name__, url_prefix="/payments")


@pages.get("/debts")
@signed_in(rights.READ_PAYMENTS)
def debts() -> ResponseReturnValue:
    client, chosen = payments(), {"organisation": organisation_chosen()}
    found, sums, providers = gateway().all_three(
        lambda: client.debts(**chosen), lambda: client.debt_sums(**chosen), organisations_question()
    )
    return render_template(
        "payments/debts.html",
        debts=found,
        ends={debt["arose_in"]: period_end_of(period_start(debt["arose_in"])) for debt in found},
        chosen=chosen,
        organisations=providers,
        sums=sums,
        is_finance=access.may(rights.ADJUST_PAYMENTS),
    )


@pages.route("/debts/<uuid:debt_id>/write-off", methods=["GET", "POST"])
@signed_in(rights.ADJUST_PAYMENTS)
def write_off(debt_id: uuid.UUID) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate_on_submit():
        return show("payments/write_off.html", form)
    found = payments().propose_write_off(debt_id=str(debt_id), reason=form.reason.data)
    flash("It is proposed. Somebody else has to approve it.")
    return redirect(url_for("proposals.one", proposal_id=found["proposal_id"]), 303)
