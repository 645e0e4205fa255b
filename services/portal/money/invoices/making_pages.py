"""A provider makes its invoices, submits and deletes them, attaches its VAT invoice, credits by line (RULES 13)."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import period_end_of
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.payments.invoices import InvoiceDocument, InvoiceLine
from services.portal.audit.telling import tell
from services.portal.casework.cases import attachments
from services.portal.money.choosing import contract_chosen
from services.portal.money.invoices import words
from services.portal.money.invoices.forms import CreditForm, NewInvoiceForm, PressForm, VatInvoiceForm
from services.portal.money.invoices.pages import ONE, named, period_chosen, require_invoice
from services.portal.money.periods.forms import ConfirmForm, pounds_in
from services.portal.web.access import caller, signed_in, the_parts
from services.portal.web.calls import gateway, payments
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.names.clients import client_names
from services.portal.web.telling import tell_not_done

pages = Blueprint("invoices_making", __name__, url_prefix="/invoices")

A_PDF = "Attach your VAT invoice as a PDF of at most 10 MB"


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.MAKE_INVOICES)
def new() -> ResponseReturnValue:
    contract, (start, _) = contract_chosen(), period_chosen()
    if contract is None:
        return render_template(
            "invoices/choose.html", contracts=payments().contracts(), start=start, end=period_end_of(start)
        )
    form = NewInvoiceForm().renewed()
    page = {"start": start, "end": period_end_of(start), "contract": contract, "words": words}
    if form.validate_on_submit():
        try:
            made = payments().create_invoice(
                invoice_id=form.form_id.data or "",
                start=start.isoformat(),
                contract=contract,
                organisation=None,
                number=form.number.data or "",
            )
        except Refused as refused:
            return show_refusal("invoices/new.html", form, refused, **page, **_preview(start, contract))
        tell(amount=made["gross"], contract=contract, outcome=f"{made['number']}: {made['state']}")
        flash(f"Invoice {made['number']} is made. Submit it when it is as you want it.")
        return redirect(url_for("invoices.one", invoice_id=made["id"]), 303)
    return show("invoices/new.html", form, **page, **_preview(start, contract))


def _preview(start: dt.date, contract: str) -> dict[str, object]:
    """What the invoice would hold now, with clients' names."""
    found = payments().preview_invoice(start=start.isoformat(), contract=contract, organisation=None)
    names = client_names(gateway(), caller(), (line["client"] for line in found["lines"]))
    return {"preview": found, "names": names}


@pages.post(f"{ONE}/submit")
@signed_in(rights.MAKE_INVOICES)
def submit(invoice_id: uuid.UUID) -> ResponseReturnValue:
    about, form = named(invoice_id), PressForm().renewed()
    if form.validate_on_submit():
        try:
            found = payments().submit_invoice(move_id=form.form_id.data or "", **about)
            if found["state"] == "Unsubmitted":  # pressed again on an old page: it was sent back since
                raise Refused("wrong_state", f"{found['number']} was sent back: look at it, and submit it.")
            flash(f"{words.KINDS[found['kind']]} {found['number']} is submitted to the council.")
        except Refused as refused:
            tell_not_done(refused.message)
    return _back_to(invoice_id)


@pages.post(f"{ONE}/delete")
@signed_in(rights.MAKE_INVOICES)
def delete(invoice_id: uuid.UUID) -> ResponseReturnValue:
    about, form = named(invoice_id), ConfirmForm()
    if not form.validate_on_submit():
        return _back_to(invoice_id)
    found = require_invoice(invoice_id)
    payments().delete_invoice(**about)
    tell(amount=found["gross"], contract=found["contract"], outcome=f"{found['number']}: deleted")
    flash(f"{words.KINDS[found['kind']]} {found['number']} is deleted. Its number can be used again.")
    return redirect(url_for("invoices.invoices"), 303)


@pages.route(f"{ONE}/vat-invoice", methods=["GET", "POST"])
@signed_in(rights.MAKE_INVOICES)
def attach(invoice_id: uuid.UUID) -> ResponseReturnValue:
    found = require_invoice(invoice_id)
    form = VatInvoiceForm(vat_number=found["vat_number"])
    if not form.validate_on_submit():
        return show("invoices/attach.html", form, invoice=found)
    try:
        (file,) = attachments.read_files([form.attachment.data])
        if attachments.find_faults([file]):
            raise Refused("not_a_pdf", A_PDF, {"field": "attachment"})
        (stored,) = attachments.store_files(the_parts(), caller(), invoice_id, [file])
        payments().attach_vat_invoice(
            number=found["number"],
            organisation=found["organisation"],
            vat_number=form.vat_number.data or "",
            object_key=stored["object_key"],
            file_name=stored["name"],
        )
    except Refused as refused:
        return show_refusal("invoices/attach.html", form, refused, invoice=found)
    flash("The VAT invoice is attached.")
    return _back_to(invoice_id)


@pages.route(f"{ONE}/credit", methods=["GET", "POST"])
@signed_in(rights.MAKE_INVOICES)
def credit(invoice_id: uuid.UUID) -> ResponseReturnValue:
    found = require_invoice(invoice_id)
    line = _line_asked(found)
    form = CreditForm().renewed()
    if not form.validate_on_submit():
        return show("invoices/credit.html", form, invoice=found, line=line)
    try:
        made = payments().credit_invoice(
            credit_id=form.form_id.data or "",
            number=found["number"],
            organisation=found["organisation"],
            cpli_id=line["cpli_id"],
            monday=line["week"],
            amount=str(pounds_in(form.amount.data or "")),
            reason=form.reason.data or "",
        )
    except Refused as refused:
        return show_refusal("invoices/credit.html", form, refused, invoice=found, line=line)
    flash(f"Credit note {made['number']} is made. Submit it when it is as you want it.")
    return _back_to(uuid.UUID(made["id"]))


def _line_asked(found: InvoiceDocument) -> InvoiceLine:
    """The cost line that the address names, of which something is left; 404 for none."""
    asked = (request.args.get("cpli", ""), request.args.get("week", ""))
    for line in found["lines"]:
        if (str(line["cpli_id"]), line["week"]) == asked and line["left"] not in (None, "0.00"):
            return line
    abort(404)


def _back_to(invoice_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("invoices.one", invoice_id=invoice_id), 303)
