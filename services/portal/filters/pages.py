"""A holder's saved filters: saved from a page, listed with their pages, renamed, removed."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.filters import rules, steps, store
from services.portal.filters.forms import NameForm, RemoveForm, SaveForm
from services.portal.filters.offering import href_of, may_be_saved
from services.portal.schema.tables_filters import SavedFilter
from services.portal.web import access, navigation
from services.portal.web.access import signed_in
from services.portal.web.forms.faults import show, show_refusal

pages = Blueprint("saved_filters", __name__, url_prefix="/saved-filters")

ONE = "/<uuid:filter_id>"


@pages.get("")
@signed_in(rights.OWN_ACCOUNT)
def listed() -> ResponseReturnValue:
    with access.the_parts().sessions.begin() as transaction:
        found = [*store.filters_of(transaction, access.account().account_id)]
        transaction.expunge_all()
    rows = [(one, page_words(one.page), href_of(one)) for one in found if may_be_saved(one.page)]
    return render_template("saved_filters/listed.html", rows=rows, remove=RemoveForm(formdata=None))


@pages.post("")
@signed_in(rights.OWN_ACCOUNT)
def save() -> ResponseReturnValue:
    """From a page: back to it, limited as it was."""
    form = SaveForm()
    page, query = form.page.data or "", rules.cleaned_query(form.query.data or "")
    if not may_be_saved(page):
        abort(400, "Go back to the page and use its button.")
    back = f"{url_for(page)}?{query}"
    if not form.validate_on_submit():
        return show("saved_filters/save.html", form, back=back, what=page_words(page))
    name = form.name.data.strip()
    try:
        steps.save(access.the_parts(), access.account().account_id, page=page, name=name, query=query)
    except Refused as refused:
        return show_refusal("saved_filters/save.html", form, refused, back=back, what=page_words(page))
    flash(f"The filter “{name}” is saved. You find it on this page.")
    return redirect(back, 303)


@pages.route(f"{ONE}/name", methods=["GET", "POST"])
@signed_in(rights.OWN_ACCOUNT)
def rename(filter_id: uuid.UUID) -> ResponseReturnValue:
    found = _find(filter_id)
    form = NameForm(name=found.name)
    if not form.validate_on_submit():
        return show("saved_filters/rename.html", form)
    try:
        steps.rename(access.the_parts(), access.account().account_id, filter_id, form.name.data.strip())
    except Refused as refused:
        return show_refusal("saved_filters/rename.html", form, refused)
    flash("The filter has its new name.")
    return redirect(url_for("saved_filters.listed"), 303)


@pages.post(f"{ONE}/remove")
@signed_in(rights.OWN_ACCOUNT)
def remove(filter_id: uuid.UUID) -> ResponseReturnValue:
    if not RemoveForm().validate_on_submit():
        abort(400, "Go back to the page and use its button.")
    found = _find(filter_id)
    steps.remove(access.the_parts(), access.account().account_id, filter_id)
    flash(f"The filter “{found.name}” is removed.")
    return redirect(url_for("saved_filters.listed"), 303)


def page_words(page: str) -> str:
    """What a page is called where people find it; its own name, for one that stands below another."""
    known = {entry.endpoint: entry.text for entry in navigation.ENTRIES}
    return known.get(page) or page.partition(".")[2].replace("_", " ").capitalize()


def _find(filter_id: uuid.UUID) -> SavedFilter:
    """Raises Refused ``not_found`` for what is not the holder's."""
    with access.the_parts().sessions.begin() as transaction:
        found = store.find(transaction, access.account().account_id, filter_id)
        transaction.expunge_all()
    if found is None:
        raise Refused(*steps.NOT_FOUND)
    return found
