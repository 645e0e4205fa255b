"""The client items of a one-off claim: stated by the provider, judged by the council (RULES 10)."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import CLAIM, PENDING
from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.casework.cases.pages import go_to, today
from services.portal.casework.claims.forms import AmendForm, ItemForm, StepForm, a_uuid
from services.portal.casework.claims.views import ShownClaim, ShownItem, find_shown_claim
from services.portal.money.periods.forms import pounds_in
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, is_council, matching
from services.portal.web.forms.faults import show, show_refusal

pages = Blueprint("claims_items", __name__, url_prefix="/claims")


@pages.route("/<uuid:claim_id>/items/new", methods=["GET", "POST"])
@signed_in(rights.OPEN_OWN_CASES)
def new(claim_id: uuid.UUID) -> ResponseReturnValue:
    return _state(find_shown_claim(claim_id), None)


@pages.get("/<uuid:claim_id>/items/<uuid:client_item>")
@signed_in(rights.READ_CASEWORK)
def one(claim_id: uuid.UUID, client_item: uuid.UUID) -> ResponseReturnValue:
    return _show(*_require_item(claim_id, client_item))


@pages.route("/<uuid:claim_id>/items/<uuid:client_item>/edit", methods=["GET", "POST"])
@signed_in(rights.OPEN_OWN_CASES)
def edit(claim_id: uuid.UUID, client_item: uuid.UUID) -> ResponseReturnValue:
    return _state(*_require_item(claim_id, client_item))


@pages.post("/<uuid:claim_id>/items/<uuid:client_item>/remove")
@signed_in(rights.OPEN_OWN_CASES)
def remove(claim_id: uuid.UUID, client_item: uuid.UUID) -> ResponseReturnValue:
    version_id = a_uuid(StepForm().message_id.data)
    disputes().remove_claim_item(claim_id=claim_id, item_id=client_item, version_id=version_id)
    flash("The client item is removed.")
    return go_to(CLAIM, claim_id)


@pages.post("/<uuid:claim_id>/items/<uuid:client_item>/amend")
@signed_in(rights.DECIDE_CLAIMS)
def amend(claim_id: uuid.UUID, client_item: uuid.UUID) -> ResponseReturnValue:
    claim, item = _require_item(claim_id, client_item)
    form = AmendForm()
    if not form.validate_on_submit():
        return _show(claim, item, form)
    try:
        disputes().amend_claim_item(
            claim_id=claim_id,
            item_id=client_item,
            version_id=a_uuid(form.version_id.data),
            seen=form.seen.data,
            amount=str(pounds_in(form.amount.data)),
            is_included=form.is_included.data,
            note=(form.note.data or "").strip(),
        )
    except Refused as refused:
        field = form._fields.get((refused.details or {}).get("field", ""))
        if field is None:
            raise
        field.errors = [refused.message]
        return _show(claim, item, form)
    flash("The client item is saved, and the provider reads your note beside it.")
    return go_to(CLAIM, claim_id)


def _require_item(claim_id: uuid.UUID, client_item: uuid.UUID) -> tuple[ShownClaim, ShownItem]:
    """A claim and its item. Raises Refused ``not_found``."""
    claim = find_shown_claim(claim_id)
    item = next((item for item in claim["items"] if item["item_id"] == str(client_item)), None)
    if item is None:
        raise Refused("not_found", "The claim has no such item.")
    return claim, item


def _state(claim: ShownClaim, item: ShownItem | None) -> ResponseReturnValue:
    """The form of an item, empty or with what was stated last."""
    if "submit" not in claim["allowed"]:
        raise Refused(
            "wrong_state", f"The claim is {claim['state'].lower()} by now: its items stay as they are."
        )
    form = ItemForm() if item is None else ItemForm(data=_form_data(item))
    known = matching().service_clients(service_name=claim["service"])
    form.among(known["clients"]).at_latest(today())
    facts = {"claim": claim, "item": item}
    if not form.validate_on_submit():
        return show("claims/item_form.html", form, **facts)
    item_id = item["item_id"] if item else form.message_id.data
    try:
        disputes().save_claim_item(claim_id=claim["case_id"], item_id=item_id, **form.stated())
    except Refused as refused:
        return show_refusal("claims/item_form.html", form, refused, **facts)
    flash("The client item is saved. What it comes to by your H visits stands beside it.")
    return go_to(CLAIM, claim["case_id"])


def _form_data(item: ShownItem) -> dict[str, str | bool | dt.date | None]:
    """An item as its form's fields take it."""
    return {
        "words": item["description"],
        "client": item["client_reference"],
        "amount": item["amount"],
        "admitted_on": _day(item["admitted_on"]),
        "resumed_on": _day(item["resumed_on"]),
        "told_on": _day(item["told_on"]),
        "is_planned_respite": item["is_planned_respite"],
    }


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _show(claim: ShownClaim, item: ShownItem, form: AmendForm | None = None) -> ResponseReturnValue:
    is_decider = is_council() and access.may(rights.DECIDE_CLAIMS)
    fresh = {"amount": item["amount"], "is_included": item["is_included"], "seen": len(item["history"])}
    return show(
        "claims/item.html",
        form or AmendForm(formdata=None, version_id=a_uuid(None), **fresh),
        claim=claim,
        item=item,
        step=StepForm(formdata=None, message_id=a_uuid(None)),
        may_amend=is_decider and claim["state"] == PENDING,
        may_edit="submit" in claim["allowed"] and not is_council(),
    )
