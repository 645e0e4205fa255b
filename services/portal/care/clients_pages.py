"""Clients as the council sees them: their care, and their dated circumstances (RULES 1, 2)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from services.portal.accounts import rules as accounts_rules
from services.portal.care.clients_forms import CircumstanceForm, EndForm, WithdrawForm
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import ask
from services.portal.web.form_faults import show, show_refusal
from services.portal.web.people import names_of
from services.portal.web.words import CIRCUMSTANCES

pages = Blueprint("clients", __name__, url_prefix="/clients")

LOOKERS = ("finance", "commissioning", "approver")
CHANGERS = ("finance", "commissioning")
MATCHED_AGAIN = "Visits of care that it suspends are matched again by themselves."

Asked = dict[str, Any]


@pages.get("")
@signed_in(*LOOKERS)
def clients() -> ResponseReturnValue:
    rows = ask("matching", "circumstances_today")
    may_change = accounts_rules.is_among(access.account().role, CHANGERS)
    return render_template("clients/clients.html", rows=rows, kinds=CIRCUMSTANCES, may_change=may_change)


@pages.get("/<visit_ref:client>")
@signed_in(*LOOKERS)
def by_reference(client: str) -> ResponseReturnValue:
    """By SSRef, ClientRef or NHSNumber: on to the client's page."""
    found = _client(client)
    return redirect(url_for("clients.one", client_id=found["client_id"]))


@pages.get("/<uuid:client_id>")
@signed_in(*LOOKERS)
def one(client_id: uuid.UUID) -> ResponseReturnValue:
    return _page(_client(str(client_id)), CircumstanceForm(formdata=None).with_kinds())


@pages.post("/<uuid:client_id>/circumstances")
@signed_in(*CHANGERS)
def enter(client_id: uuid.UUID) -> ResponseReturnValue:
    client, form = _client(str(client_id)), CircumstanceForm().with_kinds()
    if not form.validate_on_submit():
        return _page(client, form)
    facts = {"kind": form.kind.data, "from_on": _day(form.from_on), "to_on": _day(form.to_on)}
    try:
        ask("matching", "enter_circumstance", client_id=str(client_id), note=form.note.data or "", **facts)
    except Refused as refused:
        return _refused(client, form, refused)
    return _done(client_id, f"{CIRCUMSTANCES[form.kind.data]} was entered. {MATCHED_AGAIN}")


@pages.route("/<uuid:client_id>/circumstances/<uuid:circumstance_id>/end", methods=["GET", "POST"])
@signed_in(*CHANGERS)
def end(client_id: uuid.UUID, circumstance_id: uuid.UUID) -> ResponseReturnValue:
    which, form = _which(client_id, circumstance_id), EndForm()
    if not form.validate_on_submit():
        return show("clients/end.html", form, **which)
    try:
        asked = {"circumstance_id": str(circumstance_id), "to_on": _day(form.to_on)}
        ask("matching", "end_circumstance", **asked)
    except Refused as refused:
        return show_refusal("clients/end.html", form, refused, **which)
    return _done(client_id, f"The last day was set. {MATCHED_AGAIN}")


@pages.route("/<uuid:client_id>/circumstances/<uuid:circumstance_id>/withdraw", methods=["GET", "POST"])
@signed_in(*CHANGERS)
def withdraw(client_id: uuid.UUID, circumstance_id: uuid.UUID) -> ResponseReturnValue:
    which, form = _which(client_id, circumstance_id), WithdrawForm()
    if not form.validate_on_submit():
        return show("clients/withdraw.html", form, **which)
    ask("matching", "withdraw_circumstance", circumstance_id=str(circumstance_id), note=form.note.data)
    return _done(client_id, f"It was withdrawn. {MATCHED_AGAIN}")


def _client(identifier: str) -> Asked:
    found: Asked = ask("matching", "client", identifier=identifier[:100])
    return found


def _which(client_id: uuid.UUID, circumstance_id: uuid.UUID) -> Asked:
    """The client, and one of its circumstances that stands. Raises Refused ``not_found``."""
    client = _client(str(client_id))
    for each in client["circumstances"]:
        if each["circumstance_id"] == str(circumstance_id) and not each["withdrawn"]:
            return {"client": client, "circumstance": each, "kinds": CIRCUMSTANCES}
    raise Refused("not_found", "This client has no such circumstance.")


def _page(client: Asked, form: CircumstanceForm) -> ResponseReturnValue:
    versions = [v for each in client["circumstances"] for v in (each, *each["versions"])]
    who = [*(each["changed_by"] for each in versions), *(one["merged_by"] for one in client["merges"])]
    people = names_of(access.the_parts(), access.account(), who)
    may_change = accounts_rules.is_among(access.account().role, CHANGERS)
    facts = {"client": client, "people": people, "kinds": CIRCUMSTANCES, "may_change": may_change}
    return show("clients/client.html", form, **facts)


def _refused(client: Asked, form: CircumstanceForm, refused: Refused) -> ResponseReturnValue:
    """The page with the sentence beside the field that it is about."""
    field = form._fields.get((refused.details or {}).get("field", ""))
    if field is None:
        raise refused
    field.errors = [*field.errors, refused.message]
    return _page(client, form)


def _done(client_id: uuid.UUID, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("clients.one", client_id=client_id), 303)


def _day(field: Any) -> str | None:
    return field.data.isoformat() if field.data else None
