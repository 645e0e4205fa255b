"""The council's lists: visit types, service levels, and contracts with their pay rules (RULES 2, 6)."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.matching.lists import ServiceLevel
from libs.common.seams.payments.pay_rules import ContractRules
from libs.common.seams.proposals import Proposed
from services.portal.lists.forms import ServiceLevelForm, TryForm, VisitTypeForm
from services.portal.lists.pay_rules_forms import PayRulesForm, counts_in, counts_of, data_of, form_with_rows
from services.portal.lists.pay_rules_words import NO_RULES_DATA, rules_in_words
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import matching, payments
from services.portal.web.coming_back import unsent
from services.portal.web.formats import day
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.names.people import names_of
from services.portal.web.telling import tell_not_done

pages = Blueprint("lists", __name__, url_prefix="/lists")

MORE_ROWS = 5


@pages.get("")
@signed_in(rights.SET_PAY_RULES)
def lists() -> ResponseReturnValue:
    return render_template(
        "lists/lists.html",
        contracts=payments().contracts_with_rules(),
        levels=matching().service_levels(),
        types=matching().visit_types(),
    )


@pages.route("/service-levels", methods=["GET", "POST"])
@signed_in(rights.SET_PAY_RULES)
def add_level() -> ResponseReturnValue:
    return _level(ServiceLevelForm(), None)


@pages.route("/service-levels/<path:level>", methods=["GET", "POST"])
@signed_in(rights.SET_PAY_RULES)
def change_level(level: str) -> ResponseReturnValue:
    known = next((one for one in matching().service_levels() if one["key"] == level), None)
    if known is None:
        abort(404)
    form = ServiceLevelForm()
    is_filled_in = request.method == "POST" or form.is_filled_in_again
    return _level(form if is_filled_in else form.filled(known), known)


def _level(form: ServiceLevelForm, known: ServiceLevel | None) -> ResponseReturnValue:
    """The page of one level; `known` is None for one to add."""
    if form.validate_on_submit():
        facts = form.facts()
        try:
            matching().save_service_level(key=known["key"] if known else None, **facts)
        except Refused as refused:
            return show_refusal("lists/level.html", form, refused, known=known)
        if known and known["requires_visits"] != facts["requires_visits"]:
            flash(f"{facts['name']} is changed. Visits of its care packages are being matched again.")
        else:
            flash(f"{facts['name']} is {'changed' if known else 'on the list'}.")
        return redirect(url_for("lists.lists"), 303)
    return show("lists/level.html", form, known=known)


@pages.route("/visit-types/<ref>", methods=["GET", "POST"])
@signed_in(rights.SET_PAY_RULES)
def change_type(ref: str) -> ResponseReturnValue:
    known = next((kind for kind in matching().visit_types() if kind["ref"] == ref), None)
    if known is None:
        abort(404)
    form = VisitTypeForm(data=known)
    if form.validate_on_submit():
        try:
            found = matching().propose_visit_type(ref=ref, **form.facts())
        except Refused as refused:
            return show_refusal("lists/visit_type.html", form, refused, known=known)
        return go_to_proposal(found, f"{known['name']} is so already.", url_for("lists.lists"))
    return show("lists/visit_type.html", form, known=known)


@pages.get("/contracts/<path:contract>")
@signed_in(rights.SET_PAY_RULES)
def contract(contract: str) -> ResponseReturnValue:
    found = _contract(contract)
    people = names_of(access.the_parts(), access.account(), (one["set_by"] for one in found["sets"]))
    return render_template("lists/contract.html", **found, people=people, in_words=rules_in_words)


@pages.route("/contracts/<path:contract>/pay-rules", methods=["GET", "POST"])
@signed_in(rights.SET_PAY_RULES)
def set_pay_rules(contract: str) -> ResponseReturnValue:
    found = _contract(contract)
    if request.method == "GET":
        today = next((one["rules"] for one in found["sets"] if one["state"] == "current"), NO_RULES_DATA)
        shown, sent = counts_of(today), counts_in(unsent.everything())
        counts = {kind: max(count, sent[kind]) for kind, count in shown.items()}
        return show("lists/pay_rules.html", form_with_rows(counts, data_of(today)), **found)
    counts = counts_in(request.form)
    if "more" in request.form:
        counts = {kind: count + MORE_ROWS for kind, count in counts.items()}
        return render_template("lists/pay_rules.html", form=form_with_rows(counts), **found)
    form = form_with_rows(counts)
    return _set(form, found) if form.validate_on_submit() else show("lists/pay_rules.html", form, **found)


def _set(form: PayRulesForm, found: ContractRules) -> ResponseReturnValue:
    """Propose the rules; what payments finds wrong stands beside its row."""
    since = form.effective_from.data
    try:
        answer = payments().propose_pay_rules(
            contract=found["contract"], effective_from=since, rules=form.rules()
        )
    except Refused as refused:
        if refused.code != "pay_rules_wrong":
            raise
        for fault in (refused.details or {})["faults"]:
            form.blame(fault)
        return show("lists/pay_rules.html", form, **found)
    back = url_for("lists.contract", contract=found["contract"])
    return go_to_proposal(answer, f"These are the pay rules from {day(since)} already.", back)


def go_to_proposal(found: Proposed, unchanged: str, back: str) -> ResponseReturnValue:
    """On to the proposal, which a second person has to approve; back where nothing changes."""
    if found["state"] == "unchanged":
        tell_not_done(unchanged)
        return redirect(back, 303)
    flash("It is proposed. Somebody else has to approve it.")
    return redirect(url_for("proposals.one", proposal_id=found["proposal_id"]), 303)


@pages.get("/contracts/<path:contract>/try")
@signed_in(rights.SET_PAY_RULES)
def try_pay_rules(contract: str) -> ResponseReturnValue:
    found = _contract(contract)
    form = TryForm(request.args if request.args else None).of_types(matching().visit_types())
    price = None
    if request.args and form.validate():
        try:
            price = payments().try_pay_rules(contract=found["contract"], **form.facts())
        except Refused as refused:
            if refused.code != "not_delivered":
                raise
            form.delivered_entry.errors = [*form.delivered_entry.errors, refused.message.rstrip(".")]
    return render_template("lists/try.html", form=form, price=price, contract=found["contract"])


def _contract(name: str) -> ContractRules:
    """A contract with all that was ever set for it; 404 for one that care does not have."""
    try:
        return payments().contract_rules(contract=name)
    except Refused as refused:
        if refused.code == "unknown_contract":
            abort(404)
        raise
