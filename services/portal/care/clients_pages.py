"""Clients as the council sees them: their care, and their dated circumstances (RULES 1, 2)."""

from __future__ import annotations

import uuid
from typing import TypedDict

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.matching.clients import Circumstance, CircumstanceVersion, Client
from services.portal.care.clients_forms import CircumstanceForm, DayField, EndForm, WithdrawForm
from services.portal.gathered.of_client import gather_of_client
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import matching
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.people import names_of
from services.portal.web.words import CIRCUMSTANCES

pages = Blueprint("clients", __name__, url_prefix="/clients")

MATCHED_AGAIN = "Visits of care that it suspends are matched again by themselves."


LIST = Listing(
    "client out of ordinary care today",
    "clients out of ordinary care today",
    is_of_provider=False,
    columns={
        "Client": "reference",
        "Client name": "name",
        "What is the case": lambda row, page: CIRCUMSTANCES[row["kind"]],
        "First day": "from_on",
        "Last day": "to_on",
    },
)


class _OfClient(TypedDict):
    """A client, and a circumstance of it."""

    client: Client
    circumstance: Circumstance


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CLIENTS)
def clients() -> ResponseReturnValue:
    rows = matching().circumstances_today()
    may_change = access.may(rights.CHANGE_CARE)
    return render_list(LIST, "clients/clients.html", rows=rows, kinds=CIRCUMSTANCES, may_change=may_change)


@pages.get("/<visit_ref:client>")
@signed_in(rights.READ_CLIENTS)
def by_reference(client: str) -> ResponseReturnValue:
    """By SSRef, ClientRef or NHSNumber: on to the client's page."""
    found = _find_client(client)
    return redirect(url_for("clients.one", client_id=found["client_id"]))


@pages.get("/<uuid:client_id>")
@signed_in(rights.READ_CLIENTS)
def one(client_id: uuid.UUID) -> ResponseReturnValue:
    return _page(_find_client(str(client_id)), CircumstanceForm(formdata=None).with_kinds())


@pages.post("/<uuid:client_id>/circumstances")
@signed_in(rights.CHANGE_CARE)
def enter(client_id: uuid.UUID) -> ResponseReturnValue:
    client, form = _find_client(str(client_id)), CircumstanceForm().with_kinds()
    if not form.validate_on_submit():
        return _page(client, form)
    try:
        matching().enter_circumstance(
            client_id=str(client_id),
            kind=form.kind.data,
            from_on=_day(form.from_on),
            to_on=_day(form.to_on),
            note=form.note.data or "",
        )
    except Refused as refused:
        return _refused(client, form, refused)
    return _done(client_id, f"{CIRCUMSTANCES[form.kind.data]} was entered. {MATCHED_AGAIN}")


@pages.route("/<uuid:client_id>/circumstances/<uuid:circumstance_id>/end", methods=["GET", "POST"])
@signed_in(rights.CHANGE_CARE)
def end(client_id: uuid.UUID, circumstance_id: uuid.UUID) -> ResponseReturnValue:
    which, form = _find_standing(client_id, circumstance_id), EndForm()
    if not form.validate_on_submit():
        return show("clients/end.html", form, **which, kinds=CIRCUMSTANCES)
    try:
        matching().end_circumstance(circumstance_id=str(circumstance_id), to_on=_day(form.to_on))
    except Refused as refused:
        return show_refusal("clients/end.html", form, refused, **which, kinds=CIRCUMSTANCES)
    return _done(client_id, f"The last day was set. {MATCHED_AGAIN}")


@pages.route("/<uuid:client_id>/circumstances/<uuid:circumstance_id>/withdraw", methods=["GET", "POST"])
@signed_in(rights.CHANGE_CARE)
def withdraw(client_id: uuid.UUID, circumstance_id: uuid.UUID) -> ResponseReturnValue:
    which, form = _find_standing(client_id, circumstance_id), WithdrawForm()
    if not form.validate_on_submit():
        return show("clients/withdraw.html", form, **which, kinds=CIRCUMSTANCES)
    matching().withdraw_circumstance(circumstance_id=str(circumstance_id), note=form.note.data or "")
    return _done(client_id, f"It was withdrawn. {MATCHED_AGAIN}")


def _find_client(identifier: str) -> Client:
    return matching().client(identifier=identifier[:100])


def _find_standing(client_id: uuid.UUID, circumstance_id: uuid.UUID) -> _OfClient:
    """The client, and one of its circumstances that stands. Raises Refused ``not_found``."""
    client = _find_client(str(client_id))
    for each in client["circumstances"]:
        if each["circumstance_id"] == str(circumstance_id) and not each["withdrawn"]:
            return {"client": client, "circumstance": each}
    raise Refused("not_found", "This client has no such circumstance.")


def _page(client: Client, form: CircumstanceForm) -> ResponseReturnValue:
    versions: list[CircumstanceVersion] = []
    for each in client["circumstances"]:
        versions += [each, *each["versions"]]
    who = [*(each["changed_by"] for each in versions), *(one["merged_by"] for one in client["merges"])]
    people = names_of(access.the_parts(), access.account(), who)
    may_change = access.may(rights.CHANGE_CARE)
    return show(
        "clients/client.html",
        form,
        client=client,
        sections=gather_of_client(client),
        people=people,
        kinds=CIRCUMSTANCES,
        may_change=may_change,
        sees_readings=access.may(rights.READ_READINGS),
        may_export=access.may(rights.EXPORT_PERSON),
    )


def _refused(client: Client, form: CircumstanceForm, refused: Refused) -> ResponseReturnValue:
    """The page with the sentence beside the field that it is about."""
    field = form._fields.get((refused.details or {}).get("field", ""))
    if field is None:
        raise refused
    field.errors = [*field.errors, refused.message]
    return _page(client, form)


def _done(client_id: uuid.UUID, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("clients.one", client_id=client_id), 303)


def _day(field: DayField) -> str | None:
    return field.data.isoformat() if field.data else None
