"""The client items of a one-off claim: stated by the provider, judged by the council (RULES 10)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from services.portal.accounts import rules as accounts_rules
from services.portal.casework.claims.forms import AmendForm, ItemForm, StepForm, a_uuid
from services.portal.casework.claims.pages import DECIDERS, found
from services.portal.money.periods.forms import pounds_in
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import READERS, ask, is_council
from services.portal.web.form_faults import show, show_refusal

pages = Blueprint("claims_items", __name__, url_prefix="/claims")

Row = dict[str, Any]


@pages.route("/<uuid:claim_id>/items/new", methods=["GET", "POST"])
@signed_in("provider")
def new(claim_id: uuid.UUID) -> ResponseReturnValue:
    return _stated(found(claim_id), None)


@pages.get("/<uuid:claim_id>/items/<uuid:client_item>")
@signed_in(*READERS)
def one(claim_id: uuid.UUID, client_item: uuid.UUID) -> ResponseReturnValue:
    return _shown(*_which(claim_id, client_item))


@pages.route("/<uuid:claim_id>/items/<uuid:client_item>/edit", methods=["GET", "POST"])
@signed_in("provider")
def edit(claim_id: uuid.UUID, client_item: uuid.UUID) -> ResponseReturnValue:
    return _stated(*_which(claim_id, client_item))


@pages.post("/<uuid:claim_id>/items/<uuid:client_item>/remove")
@signed_in("provider")
def remove(claim_id: uuid.UUID, client_item: uuid.UUID) -> ResponseReturnValue:
    which = {"claim_id": str(claim_id), "item_id": str(client_item)}
    ask("disputes", "remove_claim_item", **which, version_id=a_uuid(StepForm().message_id.data))
    flash("The client item is removed.")
    return _back(claim_id)


@pages.post("/<uuid:claim_id>/items/<uuid:client_item>/amend")
@signed_in(*DECIDERS)
def amend(claim_id: uuid.UUID, client_item: uuid.UUID) -> ResponseReturnValue:
    claim, item = _which(claim_id, client_item)
    form = AmendForm()
    if not form.validate_on_submit():
        return _shown(claim, item, form)
    try:
        ask(
            "disputes",
            "amend_claim_item",
            claim_id=str(claim_id),
            item_id=str(client_item),
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
        return _shown(claim, item, form)
    flash("The client item is saved, and the provider reads your note beside it.")
    return _back(claim_id)


def _which(claim_id: uuid.UUID, client_item: uuid.UUID) -> tuple[Row, Row]:
    """A claim and its item. Raises Refused ``not_found``."""
    claim = found(claim_id)
    item = next((item for item in claim["items"] if item["item_id"] == str(client_item)), None)
    if item is None:
        raise Refused("not_found", "The claim has no such item.")
    return claim, item


def _stated(claim: Row, item: Row | None) -> ResponseReturnValue:
    """The form of an item, empty or with what was stated last."""
    if "submit" not in claim["allowed"]:
        raise Refused(
            "wrong_state", f"The claim is {claim['state'].lower()} by now: its items stay as they are."
        )
    stated = {} if item is None else _as_stated(item)
    form = ItemForm(data=stated) if stated else ItemForm()
    known = ask("matching", "service_clients", service_name=claim["service"])
    form.among(known["clients"]).at_latest(london_day(access.the_parts().clock()))
    facts = {"claim": claim, "item": item}
    if not form.validate_on_submit():
        return show("claims/item_form.html", form, **facts)
    item_id = item["item_id"] if item else form.message_id.data
    try:
        ask("disputes", "save_claim_item", claim_id=claim["case_id"], item_id=item_id, **form.stated())
    except Refused as refused:
        return show_refusal("claims/item_form.html", form, refused, **facts)
    flash("The client item is saved. What it comes to by your H visits stands beside it.")
    return _back(uuid.UUID(claim["case_id"]))


def _as_stated(item: Row) -> Row:
    """An item as its form's fields take it."""

    days = {
        name: item[name] and dt.date.fromisoformat(item[name])
        for name in ("admitted_on", "resumed_on", "told_on")
    }
    return days | {
        "words": item["description"],
        "client": item["client_reference"],
        "amount": item["amount"],
        "is_planned_respite": item["is_planned_respite"],
    }


def _shown(claim: Row, item: Row, form: AmendForm | None = None) -> ResponseReturnValue:
    may_amend = (
        is_council()
        and accounts_rules.is_among(access.account().role, DECIDERS)
        and claim["state"] == "Pending"
    )
    fresh = {"amount": item["amount"], "is_included": item["is_included"], "seen": len(item["history"])}
    shown = form or AmendForm(formdata=None, version_id=a_uuid(None), **fresh)
    more = {"step": StepForm(formdata=None, message_id=a_uuid(None)), "may_amend": may_amend}
    more |= {"may_edit": "submit" in claim["allowed"] and not is_council()}
    return show("claims/item.html", shown, claim=claim, item=item, **more)


def _back(claim_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("claims.one", claim_id=claim_id), 303)
