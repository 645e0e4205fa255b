"""One week of a care package line item by its page: saved, hours removed or frustrated, deleted (RULES 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.ingest.actuals import ActualWithVersions
from services.portal.actuals import words
from services.portal.actuals.addresses import a_cpli, a_monday
from services.portal.actuals.forms import ActualForm, DeletionForm, form_of
from services.portal.actuals.marks import MarksOfActual, find_marks
from services.portal.actuals.pages import link_to_week, may_change
from services.portal.audit.telling import tell
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import (
    disputes,
    gateway,
    ingest,
    is_council,
    payments,
)
from services.portal.web.formats import pounds
from services.portal.web.names.clients import client_names
from services.portal.web.names.organisations import provider_names
from services.portal.web.names.people import names_of

pages = Blueprint("actuals_change", __name__, url_prefix="/actuals/<int:cpli_id>/<week>")

CHANGED = ("version_differs", "version_wanted")
NOTHING_ENTERED = "Nothing was entered: the week has other lines now. Look at them, then save"
FILTERS = ("organisation", "service", "show", "page")


@pages.get("")
@signed_in(rights.READ_ACTUALS)
def edit(cpli_id: int, week: str) -> ResponseReturnValue:
    found = require_actual(cpli_id, week)
    return _page(found, form_of(found))


@pages.post("")
@signed_in(rights.ENTER_ACTUALS)
def save(cpli_id: int, week: str) -> ResponseReturnValue:
    return _save(cpli_id, week, lambda form, keys: None)


@pages.post("/remove-hours")
@signed_in(rights.ENTER_ACTUALS)
def remove_hours(cpli_id: int, week: str) -> ResponseReturnValue:
    return _save(cpli_id, week, ActualForm.remove_hours)


@pages.post("/mark-frustrated")
@signed_in(rights.ENTER_ACTUALS)
def mark_frustrated(cpli_id: int, week: str) -> ResponseReturnValue:
    return _save(cpli_id, week, ActualForm.mark_frustrated)


@pages.get("/delete")
@signed_in(rights.ENTER_ACTUALS)
def delete(cpli_id: int, week: str) -> ResponseReturnValue:
    found = require_actual(cpli_id, week)
    return _deleting(found, DeletionForm(version=found["version"]))


@pages.post("/delete")
@signed_in(rights.ENTER_ACTUALS)
def do_delete(cpli_id: int, week: str) -> ResponseReturnValue:
    found, form = require_actual(cpli_id, week), DeletionForm()
    if not form.validate_on_submit():
        return _deleting(found, form), 400
    try:
        saved = ingest().delete_actual(
            cpli_id=cpli_id, monday=week, version=form.version.data or 0, reason=form.reason.data
        )
    except Refused as refused:
        if refused.code in CHANGED:
            now = require_actual(cpli_id, week)
            form.sees(now["version"])
            return _deleting(now, form, is_changed=True), 412
        return _deleting(found, form, problem=refused.message), 422
    _tell(saved)
    flash("The week was deleted: that nothing was delivered is submitted.")
    return redirect(link_to(saved), 303)


def require_actual(cpli_id: int, week: str) -> ActualWithVersions:
    """The week of an address. Raises Refused ``not_found``."""
    return ingest().actual(cpli_id=a_cpli(cpli_id), monday=a_monday(week))


def link_to(actual: ActualWithVersions) -> str:
    """Its page, from which Back leads to the list as it was."""
    return url_for("actuals_change.edit", cpli_id=actual["cpli_id"], week=actual["week"], **_filters())


def _save(cpli_id: int, week: str, press: Callable[[ActualForm, Iterable[str]], None]) -> ResponseReturnValue:
    """Submit what was typed, after what a press does to the line that it names, or to all."""
    found = require_actual(cpli_id, week)
    form = form_of(found)
    line = request.form.get("line", "")
    press(form, [key for key in form.keyed if line in ("", key)])
    if not form.validate():
        return _page(found, form), 400
    if not form.entered():
        return _page(found, form, problem=NOTHING_ENTERED), 400
    try:
        saved = ingest().save_actual(
            cpli_id=cpli_id, monday=week, version=form.version.data or 0, lines=form.entered()
        )
    except Refused as refused:
        return _refused(found, form, refused)
    _tell(saved)
    flash(f"The week was saved and is submitted. Its Total Cost is {pounds(saved['cost'])}.")
    return redirect(link_to(saved), 303)


def _refused(found: ActualWithVersions, form: ActualForm, refused: Refused) -> ResponseReturnValue:
    """The form again with what was typed, and why it was not saved."""
    if refused.code in CHANGED:
        now = require_actual(found["cpli_id"], found["week"])
        typed = form_of(now)
        typed.sees(now["version"])
        return _page(now, typed, differences=typed.differences(now["lines"])), 412
    if refused.code != "rejected":
        return _page(found, form, problem=refused.message), 422
    errors = (refused.details or {}).get("errors", ())
    is_more = any(error["code"] == "more_than_planned" for error in errors)
    return _page(found, form, problem=form.refused(errors), is_more=is_more), 422


def _page(found: ActualWithVersions, form: ActualForm, **more: Any) -> str:
    rules = words.rules_on(ingest().actual_rules(), found["contract"], found["week"])
    since = found["may_be_saved_from"]
    is_early = since is not None and london_day(access.the_parts().clock()) < dt.date.fromisoformat(since)
    return render_template(
        "actuals/actual.html",
        actual=found,
        form=form,
        rows=form.rows(),
        rules=words.rules_in_words(rules),
        is_early=is_early,
        marks=_marks(found),
        may_dispute=access.may(rights.SETTLE_CASEWORK),
        may_save=may_change() and not is_early and bool(form.keyed),
        words=words,
        query=_filters(),
        **{"is_more": found["is_more_than_planned"], "problem": None} | more,
        **_about(found),
    )


def _marks(found: ActualWithVersions) -> MarksOfActual:
    week = found["week"]
    marks = find_marks(gateway(), disputes(), payments(), week, week)
    return marks.of_week(week).get(found["cpli_id"], MarksOfActual())


def _deleting(found: ActualWithVersions, form: DeletionForm, **more: Any) -> str:
    return render_template(
        "actuals/delete_actual.html", actual=found, form=form, link=link_to(found), **more, **_about(found)
    )


def _about(found: ActualWithVersions) -> dict[str, Any]:
    """Whose week it is, who changed it, and where Back leads."""
    reference = found["client_reference"]
    who = [found["changed_by"], *(version["changed_by"] for version in found["versions"])]
    return {
        "name": client_names(gateway(), caller(), [reference]).get(reference),
        "provider": _provider(found) if is_council() else None,
        "people": names_of(access.the_parts(), access.account(), filter(None, who)),
        "back": link_to_week(dt.date.fromisoformat(found["week"]), **_filters()),
    }


def _provider(found: ActualWithVersions) -> str:
    organisation_id = found["organisation_id"]
    return provider_names(access.the_parts(), gateway(), [organisation_id])[organisation_id]


def _filters() -> dict[str, Any]:
    """The filters of the list from which somebody comes."""
    given = {name: request.args.get(name, "").strip()[:112] for name in FILTERS}
    return {name: text for name, text in given.items() if text}


def _tell(saved: ActualWithVersions) -> None:
    """To the audit trail: whose week, and what it comes to."""
    tell(organisation=_provider(saved) if is_council() else None, amount=saved["cost"])
