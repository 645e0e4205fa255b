"""Merging two clients that are one person, by the council (RULES 2)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.matching.clients import ClientFound
from libs.common.seams.matching.merging import Person
from services.portal.audit.telling import tell
from services.portal.care.merging import Merging, ShownMerge, merging_of, moved_charges
from services.portal.care.merging_forms import MergeForm
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, matching
from services.portal.web.forms.faults import show

pages = Blueprint("clients_merging", __name__, url_prefix="/clients/merge")

LONGEST = 100
CHOSEN = {"client": "Client who is merged", "into": "Client who stays"}


@pages.get("")
@signed_in(rights.CHANGE_CARE)
def choose() -> ResponseReturnValue:
    """Two clients by a reference or the beginning of a name; once both are known, what merging them moves."""
    asked = {name: request.args.get(name, "").replace("\0", "").strip()[:LONGEST] for name in CHOSEN}
    found = {name: _look_for(written) for name, written in asked.items() if written}
    both = [one for one in found.values() if isinstance(one, str)]
    if len(both) < len(CHOSEN):
        return _choosing(asked, found)
    try:
        shown = _merging().preview(*both)
    except Refused as refused:
        if refused.code != "same_client":
            raise
        return _choosing(asked, found, refused.message)
    return _page(shown, MergeForm(formdata=None, seen=shown["seen"]))


@pages.post("/<uuid:client_id>/into/<uuid:into_client_id>")
@signed_in(rights.CHANGE_CARE)
def merge(client_id: uuid.UUID, into_client_id: uuid.UUID) -> ResponseReturnValue:
    merging, both, form = _merging(), (str(client_id), str(into_client_id)), MergeForm()
    if not form.validate_on_submit():
        return _page(merging.preview(*both), form)
    try:
        done = merging.merge(*both, reason=form.reason.data or "", seen=form.seen.data)
    except Refused as refused:
        if refused.code != "seen_another":
            raise
        shown = merging.preview(*both)
        form.seen.data = shown["seen"]
        return _page(shown, form, refused.message)
    tell(amount=moved_charges(done), outcome=done["state"])
    flash(f"{_called(done['client'])} is one with {_called(done['into'])} now. Their weeks are charged anew.")
    return redirect(url_for("clients.one", client_id=done["into"]["client_id"]), 303)


def _merging() -> Merging:
    return merging_of(gateway(), caller())


def _look_for(written: str) -> str | list[ClientFound]:
    """The id of the client that is known so; else those whose reference or surname begins so."""
    try:
        return matching().client(identifier=written)["client_id"]
    except Refused as refused:
        if refused.code != "not_found":
            raise
        return matching().search(written=written)["clients"] if 2 <= len(written) <= 50 else []


def _choosing(
    asked: dict[str, str], found: Mapping[str, str | list[ClientFound]], problem: str | None = None
) -> ResponseReturnValue:
    page = render_template(
        "clients/merge_choose.html", asked=asked, found=found, words=CHOSEN, problem=problem
    )
    return (page, 400) if problem else page


def _page(shown: ShownMerge, form: MergeForm, problem: str | None = None) -> ResponseReturnValue:
    if shown["state"] == "merged":
        return redirect(url_for("clients.one", client_id=shown["into"]["client_id"]), 303)
    return show("clients/merge.html", form, **shown, words=CHOSEN, problem=problem)


def _called(client: Person) -> str:
    reference = client["ssref"] or client["client_ref"] or client["nhs_number"]
    return f"{client['name']} ({reference})" if client["name"] else str(reference)
