"""The council accepts or rejects invoices and credit notes, one or several at once (RULES 13)."""

from __future__ import annotations

import uuid
from decimal import Decimal

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.money.invoices.forms import AcceptForm, PressForm, RejectForm
from services.portal.money.invoices.letters import tell_of_decision
from services.portal.money.invoices.pages import ONE, SHOWN, named, require_invoice
from services.portal.money.invoices.words import ACCEPTED
from services.portal.money.periods.forms import pounds_in
from services.portal.web.access import signed_in
from services.portal.web.calls import payments
from services.portal.web.formats import counted, pounds
from services.portal.web.forms.faults import show
from services.portal.web.telling import tell_not_done, tell_whether_done

pages = Blueprint("invoices_deciding", __name__, url_prefix="/invoices")

LONGEST_REASON = 1000


@pages.post(f"{ONE}/accept")
@signed_in(rights.DECIDE_INVOICES)
def accept(invoice_id: uuid.UUID) -> ResponseReturnValue:
    about, form = named(invoice_id), AcceptForm().renewed()
    seen = pounds_in(form.gross.data or "")
    if not form.validate_on_submit() or seen is None:
        tell_not_done("It was not accepted: look at its sum and press the button again.")
    elif sentence := accept_seen(about, seen, move_id=form.form_id.data or ""):
        tell_not_done(sentence)
    else:
        flash(f"{about['number']} is accepted: {pounds(seen)} is posted.")
    return redirect(url_for("invoices.one", invoice_id=invoice_id), 303)


@pages.route(f"{ONE}/reject", methods=["GET", "POST"])
@signed_in(rights.DECIDE_INVOICES)
def reject(invoice_id: uuid.UUID) -> ResponseReturnValue:
    found, form = require_invoice(invoice_id), RejectForm().renewed()
    if not form.validate_on_submit():
        return show("invoices/reject.html", form, invoice=found)
    about = {"number": found["number"], "organisation": found["organisation"]}
    facts = {"move_id": form.form_id.data or "", "reason": form.reason.data or ""}
    tell_of_decision(payments().reject_invoice(**about, **facts))
    flash(f"{found['number']} is rejected. The provider sees your reason.")
    return redirect(url_for("invoices.one", invoice_id=invoice_id), 303)


@pages.post("/several")
@signed_in(rights.DECIDE_INVOICES)
def several() -> ResponseReturnValue:
    """Accept those that are ticked, each of the sum that the list showed, or reject them with one reason."""
    form, is_accepting = PressForm().renewed(), request.form.get("decision") == "accept"
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    chosen = request.form.getlist("chosen")[:SHOWN]
    if not form.validate_on_submit() or not chosen:
        tell_not_done("Nothing was done: tick the invoices first.")
    elif not is_accepting and not reason:
        tell_not_done("Nothing was rejected: enter a reason.")
    else:
        _decide(chosen, uuid.UUID(form.form_id.data), reason=None if is_accepting else reason)
    return redirect(url_for("invoices.invoices", state="Pending"), 303)


def _decide(chosen: list[str], form_id: uuid.UUID, *, reason: str | None) -> None:
    """Each for itself, once for a form: what can't be decided is named with why, and stops no other."""
    done, amount, left = 0, Decimal(0), list[str]()
    for ticked in chosen:
        try:
            invoice_id, seen = ticked_row(ticked)
            about = named(invoice_id)
            move_id = str(uuid.uuid5(form_id, f"{invoice_id} {'accept' if reason is None else 'reject'}"))
            if reason is None:
                problem = accept_seen(about, seen, move_id=move_id)
            else:
                tell_of_decision(payments().reject_invoice(move_id=move_id, **about, reason=reason))
                problem = None
        except Refused as refused:
            problem = refused.message
        else:
            tell(about=[Thing("invoice_id", str(invoice_id))])
            done, amount = (done + 1, amount + seen) if problem is None else (done, amount)
        left += [problem] if problem else []
    what = "rejected" if reason else "accepted"
    tell(amount=amount, outcome=f"{what}: {done}")
    tell_whether_done(
        done > 0, f"{counted(done, 'invoice or credit note', 'invoices and credit notes')} {what}."
    )
    for sentence in left:
        tell_not_done(sentence)


def accept_seen(about: dict[str, str], seen: Decimal, *, move_id: str) -> str | None:
    """Accept what was seen, once for a ``move_id``; why it was not, if it was not. Raises Refused."""
    found = payments().accept_invoice(move_id=move_id, **about, seen=str(seen))
    tell_of_decision(found)
    if found["state"] in ACCEPTED:
        return None
    return f"{found['number']} was not accepted: it is {found['state']} and comes to {pounds(found['gross'])} now."


def ticked_row(text: str) -> tuple[uuid.UUID, Decimal]:
    """The id and the sum of a ticked row. Raises Refused ``not_found`` for what is none."""
    which, _, gross = text.partition("_")
    seen = pounds_in(gross)
    try:
        invoice_id = uuid.UUID(which)
    except ValueError:
        invoice_id = None
    if invoice_id is None or seen is None:
        raise Refused("not_found", "One of the ticked rows is no invoice.")
    return invoice_id, seen
