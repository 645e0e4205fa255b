"""The lists of concerns: their kinds, and groups of providers (RULES 16)."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.concerns.forms import GroupForm, KindForm
from services.portal.money.periods.forms import ConfirmForm
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, gateway
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.names.organisations import names_by_id

pages = Blueprint("concerns_lists", __name__, url_prefix="/concerns/lists")


@pages.route("", methods=["GET", "POST"])
@signed_in(rights.CHANGE_CONCERNS)
def lists() -> ResponseReturnValue:
    """The kinds, with a form to add one, and the groups."""
    form = KindForm()
    if form.validate_on_submit():
        disputes().add_concern_kind(name=form.name.data)
        flash(f"{form.name.data} is offered.")
        return redirect(url_for("concerns_lists.lists"), 303)
    return show(
        "concerns/lists.html",
        form,
        kinds=disputes().concern_kinds(),
        groups=disputes().concern_groups(),
        names=names_by_id(gateway()),
        press=ConfirmForm(formdata=None),
    )


@pages.post("/kinds/<path:concern_kind>/retire")
@signed_in(rights.CHANGE_CONCERNS)
def retire(concern_kind: str) -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400, "Nothing was done: go back, open the page again and press the button.")
    disputes().retire_concern_kind(name=concern_kind)
    flash(f"{concern_kind} is offered no more. Concerns of this kind keep it.")
    return redirect(url_for("concerns_lists.lists"), 303)


@pages.route("/groups/new", methods=["GET", "POST"])
@signed_in(rights.CHANGE_CONCERNS)
def new_group() -> ResponseReturnValue:
    return _group(uuid.uuid4(), GroupForm().among(names_by_id(gateway())), is_new=True)


@pages.route("/groups/<uuid:group_id>", methods=["GET", "POST"])
@signed_in(rights.CHANGE_CONCERNS)
def group(group_id: uuid.UUID) -> ResponseReturnValue:
    known = next((one for one in disputes().concern_groups() if one["group_id"] == str(group_id)), None)
    if known is None:
        abort(404)
    filled = {"name": known["name"], "providers": known["organisation_ids"]}
    return _group(group_id, GroupForm(data=filled).among(names_by_id(gateway())), is_new=False)


@pages.post("/groups/<uuid:group_id>/remove")
@signed_in(rights.CHANGE_CONCERNS)
def remove_group(group_id: uuid.UUID) -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400, "Nothing was done: go back, open the page again and press the button.")
    disputes().remove_concern_group(group_id=group_id)
    flash("The group is removed. No concern is touched by it.")
    return redirect(url_for("concerns_lists.lists"), 303)


def _group(group_id: uuid.UUID, form: GroupForm, *, is_new: bool) -> ResponseReturnValue:
    shown = {"group_id": group_id, "is_new": is_new, "press": ConfirmForm(formdata=None)}
    if form.validate_on_submit():
        try:
            disputes().save_concern_group(
                group_id=group_id, name=form.name.data, organisation_ids=form.providers.data
            )
        except Refused as refused:
            return show_refusal("concerns/group.html", form, refused, **shown)
        flash(f"The group {form.name.data} is saved.")
        return redirect(url_for("concerns_lists.lists"), 303)
    return show("concerns/group.html", form, **shown)
