"""What finance does with a period as a whole: manual adjustments, and finalising it after its checklist (RULES 8)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import period_end_of
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.commands import ALL_CONTRACTS
from services.portal.audit.telling import tell
from services.portal.money.choosing import chosen, contract_chosen
from services.portal.money.periods.checklist import Checklists
from services.portal.money.periods.checklist_rows import rows_of_checklist
from services.portal.money.periods.checklist_words import frozen_in_words, in_a_row
from services.portal.money.periods.forms import AdjustmentForm, FinaliseForm, pounds_in
from services.portal.visits.files import jobs
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import gateway, organisations, payments
from services.portal.web.formats import pounds
from services.portal.web.forms.faults import show, show_refusal

pages = Blueprint("payments_posting", __name__, url_prefix="/payments")


@pages.route("/<start>/adjustment", methods=["GET", "POST"])
@signed_in(rights.ADJUST_PAYMENTS)
def adjust(start: str) -> ResponseReturnValue:
    which = chosen(start)
    page: dict[str, Any] = {"which": which, "start": start, "end": period_end_of(period_start(start))}
    form = AdjustmentForm(organisation=which["organisation"], contract=which["contract"])
    form.among(organisations(), payments().contracts())
    if not form.validate_on_submit():
        return show("payments/adjustment.html", form, **page)
    amount = pounds_in(form.amount.data)
    try:
        found = payments().post_adjustment(
            adjustment_id=form.adjustment_id.data,
            start=start,
            organisation=form.organisation.data,
            contract=form.contract.data,
            client=form.client.data or None,
            cpli_id=form.cpli_id.data or None,
            amount=str(amount),
            reason=form.reason.data,
        )
    except Refused as refused:
        return show_refusal("payments/adjustment.html", form, refused, **page)
    tell(amount=amount, contract=form.contract.data, outcome=found["state"])
    if found["state"] == "proposed":
        flash("The adjustment is over the limit, so it is proposed. Somebody else has to approve it.")
        return redirect(url_for("proposals.one", proposal_id=found["proposal_id"]), 303)
    flash(f"A manual adjustment of {pounds(str(amount))} was posted for {form.organisation.data}.")
    return redirect(url_for("payments.one", **which), 303)


@pages.route("/<start>/finalise", methods=["GET", "POST"])
@signed_in(rights.FINALISE_PERIODS)
def finalise(start: str) -> ResponseReturnValue:
    end = period_end_of(period_start(start))
    contracts = payments().contracts()
    form = FinaliseForm(contract=contract_chosen() or "").of(contracts)
    if not form.validate_on_submit():
        page = {"start": start, "end": end, "contracts": contracts}
        return show("payments/finalise.html", form, **page, **_to_look_at(start, contract_chosen()))
    found = payments().finalise_period(start=start, contract=form.contract.data or None)
    tell(amount=found["payable"], contract=found["contract"] or ALL_CONTRACTS, outcome=found["state"])
    flash(
        f"The period is {found['state']}: {pounds(found['payable'])} payable, "
        f"{pounds(found['non_payable'])} not. Frozen: {in_a_row(found['frozen_contracts'])}. "
        "Prepare a payment run to have it paid."
    )
    return redirect(url_for("payments.one", start=start, contract=found["contract"]), 303)


def _to_look_at(start: str, contract: str | None) -> dict[str, Any]:
    """The checklist as the page shows it, and what is still under way."""
    checklist = Checklists(gateway(), caller()).describe(start, contract)
    return {
        "checklist": checklist,
        "rows": rows_of_checklist(checklist),
        "frozen": frozen_in_words(checklist),
        "under_way": jobs.count_under_way(gateway(), caller()),
    }
