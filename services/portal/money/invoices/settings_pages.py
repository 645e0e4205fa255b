"""The terms of contracts and the VAT rates of services, which the council sets (RULES 13)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.money.invoices import words
from services.portal.money.invoices.forms import RateForm, TermsForm
from services.portal.web.access import signed_in
from services.portal.web.calls import organisations, payments
from services.portal.web.forms.faults import show

pages = Blueprint("invoices_settings", __name__, url_prefix="/invoices")


@pages.get("/settings")
@signed_in(rights.SET_INVOICE_TERMS)
def settings() -> ResponseReturnValue:
    return render_template(
        "invoices/settings.html", terms=payments().contract_terms(), rates=payments().vat_rates(), words=words
    )


@pages.route("/settings/terms", methods=["GET", "POST"])
@signed_in(rights.SET_INVOICE_TERMS)
def set_terms() -> ResponseReturnValue:
    form, problem = TermsForm().of(payments().contracts()), None
    if form.validate_on_submit():
        start = parse_date(form.start.data or "")
        about = {"contract": form.contract.data, "terms": form.terms.data}
        try:
            payments().set_contract_terms(**about, start=start.isoformat() if start else "")
        except Refused as refused:
            problem = refused.message
        else:
            tell(contract=form.contract.data, outcome=form.terms.data)
            flash(f"{form.contract.data} has terms {words.TERMS[form.terms.data]} from then on.")
            return redirect(url_for("invoices_settings.settings"), 303)
    return show("invoices/terms.html", form, problem=problem)


@pages.route("/settings/vat-rates", methods=["GET", "POST"])
@signed_in(rights.SET_INVOICE_TERMS)
def set_rate() -> ResponseReturnValue:
    form, problem = RateForm().among(organisations()), None
    if form.validate_on_submit():
        whose, service = form.organisation.data, form.service.data or ""
        try:
            payments().set_vat_rate(organisation=whose, service=service, rate=str(form.rate.data))
        except Refused as refused:
            problem = refused.message
        else:
            tell(organisation=whose, outcome=f"{service}: {form.rate.data}%")
            flash(f"{service} has a VAT rate of {form.rate.data}%.")
            return redirect(url_for("invoices_settings.settings"), 303)
    return show("invoices/rate.html", form, problem=problem)
