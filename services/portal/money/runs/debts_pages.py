"""Debts of providers, for both sides: what was below nothing, what came off, what is still owed (RULES 8)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, url_for
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
from services.portal.web.listing.lists import Listing, also_as_csv, render_list

pages = Blueprint("payments_debts", __name__, url_prefix="/payments")

LIST = Listing(
    "debt",
    "debts",
    rows="debts",
    columns={
        "Arose in the period from": "arose_in",
        "Contract": "contract",
        "Provider": "organisation",
        "Debt": "amount",
        "Came off": "came_off",
        "Written off": "written_off",
        "Owed": "owed",
        "For an invoice": lambda row, page: "Yes" if row["is_for_an_invoice"] else "No",
        "Comes off": lambda row, page: "; ".join(
            f"{due['amount']} from {due['period_start']}" for due in row["due"]
        ),
    },
)


@also_as_csv(pages, "/debts/list.csv")
@pages.get("/debts")
@signed_in(rights.READ_PAYMENTS)
def debts() -> ResponseReturnValue:
    client, chosen = payments(), {"organisation": organisation_chosen()}
    found, sums, providers = gateway().all_three(
        lambda: client.debts(**chosen), lambda: client.debt_sums(**chosen), organisations_question()
    )
    return render_list(
        LIST,
        "payments/debts.html",
        number=sums["number"],
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
