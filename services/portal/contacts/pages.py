"""A provider's contacts, and what it asks to be changed of them (RULES 12, [003] Contacts)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts.forms import AnswerForm
from services.portal.contacts import steps, store
from services.portal.contacts.forms import ROLE_NAMES, DetailsForm, NewContactForm
from services.portal.contacts.rules import FIELDS, listed_name, name_of
from services.portal.schema.tables_people import Contact
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.forms.faults import show, show_refusal

pages = Blueprint("contacts", __name__, url_prefix="/contacts")

SENT = "Your request is with the council’s helpdesk. You see here what becomes of it."


@pages.get("")
@signed_in(rights.KEEP_CONTACTS)
def contacts() -> ResponseReturnValue:
    return render_template("contacts/contacts.html", listed=_listed())


@pages.get("/<uuid:contact_id>")
@signed_in(rights.KEEP_CONTACTS)
def one(contact_id: uuid.UUID) -> ResponseReturnValue:
    found = steps.find(access.the_parts(), access.account(), contact_id)
    with access.the_parts().sessions.begin() as transaction:
        account = store.account_of_contact(transaction, found)
    return render_template(
        "contacts/contact.html",
        listed=_listed(),
        contact=found,
        name=name_of(found.details),
        fields=FIELDS,
        roles=ROLE_NAMES,
        is_let_in=account is not None and account.disabled_at is None,
    )


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.KEEP_CONTACTS)
def new() -> ResponseReturnValue:
    form = NewContactForm()
    if not form.validate_on_submit():
        return show("contacts/details.html", form, fields=FIELDS, contact=None)
    steps.ask_for_new(access.the_parts(), access.account(), form.details(), form.role.data)
    return _sent()


@pages.route("/<uuid:contact_id>/edit", methods=["GET", "POST"])
@signed_in(rights.KEEP_CONTACTS)
def edit(contact_id: uuid.UUID) -> ResponseReturnValue:
    found = steps.find(access.the_parts(), access.account(), contact_id)
    form = DetailsForm(data=found.details)
    shown: dict[str, Any] = {"fields": FIELDS, "contact": found, "name": name_of(found.details)}
    if not form.validate_on_submit():
        return show("contacts/details.html", form, **shown)
    try:
        steps.ask_for_update(access.the_parts(), access.account(), contact_id, form.details())
    except Refused as refused:
        return show_refusal("contacts/details.html", form, refused, **shown)
    return _sent()


@pages.route("/<uuid:contact_id>/roles/<role>/add", methods=["GET", "POST"])
@signed_in(rights.KEEP_CONTACTS)
def add_role(contact_id: uuid.UUID, role: str) -> ResponseReturnValue:
    return _ask_for_role(contact_id, role, is_wanted=True)


@pages.route("/<uuid:contact_id>/roles/<role>/remove", methods=["GET", "POST"])
@signed_in(rights.KEEP_CONTACTS)
def remove_role(contact_id: uuid.UUID, role: str) -> ResponseReturnValue:
    return _ask_for_role(contact_id, role, is_wanted=False)


def _ask_for_role(contact_id: uuid.UUID, role: str, *, is_wanted: bool) -> ResponseReturnValue:
    """Pressed twice: the contact's page leads here, and the button here sends the request."""
    found = steps.find(access.the_parts(), access.account(), contact_id)
    if role not in table.PROVIDER_ROLES:
        raise Refused("not_found", "There is no such role.")
    form = AnswerForm()
    if not form.validate_on_submit():
        return render_template(
            "contacts/role.html",
            form=form,
            contact=found,
            name=name_of(found.details),
            role=ROLE_NAMES[role],
            is_wanted=is_wanted,
            is_last=found.roles == [role],
        )
    steps.ask_for_role(access.the_parts(), access.account(), contact_id, role, is_wanted=is_wanted)
    return _sent()


def _sent() -> ResponseReturnValue:
    flash(SENT)
    return redirect(url_for("change_requests.requests"), 303)


def _listed() -> list[tuple[Contact, str]]:
    organisation_id = access.account().organisation_id
    if organisation_id is None:
        return []
    with access.the_parts().sessions.begin() as transaction:
        found = store.contacts_of(transaction, organisation_id)
    return [(contact, listed_name(contact.details)) for contact in found]
