"""A concern is raised: by itself, or from a dispute, a visit or a charge statement (RULES 16)."""

from __future__ import annotations

import uuid
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.concerns.forms import RaiseForm
from services.portal.concerns.views import find_about, find_visits
from services.portal.visits.views import client_of
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, gateway, matching, organisations
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.names.organisations import names_by_id

pages = Blueprint("concerns_raise", __name__, url_prefix="/raise-concern")

SEES: Final = "commissioning"


@pages.route("", methods=["GET", "POST"])
@signed_in(rights.RAISE_CONCERNS)
def new() -> ResponseReturnValue:
    is_asked = request.method == "GET"
    kinds = [one["name"] for one in disputes().concern_kinds() if not one["is_retired"]]
    form = RaiseForm().among(organisations(), kinds)
    if is_asked:
        if not form.is_filled_in_again:
            _fill_in(form)
        return _show(form)
    if not form.validate_on_submit():
        return _show(form)
    concern_id = form.id_of_message()
    try:
        about = find_about(
            form.organisation.data, (form.client.data or "").strip(), form.cpli_id.data, form.refs()
        )
        raised = disputes().raise_concern(
            concern_id=concern_id,
            kind=form.kind.data,
            source=form.source.data,
            about_kind=form.about_kind.data or "",
            about_id=form.about_id.data or "",
            happened_on=form.happened_on.data,
            **about,
            **form.said(),
        )
    except Refused as refused:
        if refused.code == "not_found":  # the line item: no other is named that might not be there
            refused = Refused("not_found", "There is no such care package line item", {"field": "cpli_id"})
        return show_refusal("concerns/new.html", form.renewed(), refused, sees=_sees())
    tell(about=[Thing("concern_id", str(concern_id))])
    if _sees():
        flash(f"The concern is received as number {raised['number']}.")
        return redirect(url_for("concerns.one", concern_id=concern_id), 303)
    flash(f"The concern is received as number {raised['number']}. Commissioning staff take it from here.")
    return redirect(url_for("home.home"), 303)


def _show(form: RaiseForm) -> ResponseReturnValue:
    return show("concerns/new.html", form.renewed(), sees=_sees())


def _sees() -> bool:
    """Whether whoever raises it sees it afterwards."""
    return access.may(rights.READ_CONCERNS)


def _fill_in(form: RaiseForm) -> None:
    """What the page says from which somebody came. Raises Refused ``not_found`` for what is not there."""
    about = request.args
    if dispute_id := _uuid(about.get("dispute")):
        dispute = disputes().dispute(case_id=dispute_id)
        _put(
            form,
            about_kind="dispute",
            about_id=str(dispute_id),
            organisation=_name_of(dispute["organisation_id"]),
            client=dispute["client_reference"],
            cpli_id=dispute["cpli_id"],
            visits="\n".join(visit["visit_ref"] for visit in dispute["visits"]),
        )
    elif "visit" in about:
        organisation_id, _, ref = about["visit"].partition("/")
        found = find_visits(str(_uuid(organisation_id) or uuid.UUID(int=0)), [ref[:50]] if ref else [])
        if not found:
            raise Refused("not_found", "There is no visit with this reference.")
        _put(
            form,
            about_kind="visit",
            about_id=found[0]["ref"],
            organisation=found[0]["organisation"],
            client=client_of(found[0]),
            visits=found[0]["ref"],
        )
    elif client_id := _uuid(about.get("charged")):
        _put(form, about_kind="charge_query", about_id=str(client_id), client=about.get("client", "")[:100])
    elif about.get("cpli", "").isdecimal():
        item = matching().line_item(cpli_id=int(about["cpli"][:18]))
        _put(form, organisation=item["organisation"], cpli_id=item["cpli_id"])


def _put(form: RaiseForm, **values: Any) -> None:
    for name, value in values.items():
        form[name].data = value


def _name_of(organisation_id: str) -> str:
    return names_by_id(gateway(), [organisation_id]).get(organisation_id, "")


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
