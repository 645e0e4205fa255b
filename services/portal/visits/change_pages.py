"""One visit changed by its page: added, corrected, deleted with a reason, under the rules of a file (RULES 3, 4).

The addresses stand beside `/visits/…`, below which any text may be a visit's reference.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.files.values import control_character
from libs.common.rights import names as rights
from libs.common.seams.ingest.visits import SavedVisit, Visit, VisitChoices, VisitWithVersions
from services.portal.audit.telling import tell
from services.portal.visits.forms import RARE, DeletionForm, VisitForm, as_typed
from services.portal.visits.pages import link_to, require_visit
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import ingest, is_council, organisation_chosen, organisations
from services.portal.web.names.people import names_of
from services.portal.web.telling import tell_not_done
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("visits_change", __name__)

CHANGED = ("version_differs", "version_wanted")
TAKEN = "There is a visit with this reference already: give this one another, or correct that one"
UNWRITABLE = "Type the reference again: it holds a control character"


@pages.get("/add-visit")
@signed_in(rights.SEND_VISITS)
def add() -> ResponseReturnValue:
    if _has_no_provider():
        return render_template("visits/whose.html", organisations=organisations())
    return _adding(VisitForm(version=0, SSRef=request.args.get("client", "")[:50]))


@pages.post("/add-visit")
@signed_in(rights.SEND_VISITS)
def put_new() -> ResponseReturnValue:
    if _has_no_provider():
        return redirect(url_for("visits_change.add"), 303)
    form = VisitForm()
    visit_ref = (form.VisitRef.data or "").strip()
    form.validate()
    if control_character(visit_ref):
        form.VisitRef.errors = [UNWRITABLE]
        return _adding(form), 422
    try:
        made = _put(visit_ref, organisation_chosen(), form, version=0)
    except Refused as refused:
        if refused.code in CHANGED:
            form.VisitRef.errors = [TAKEN]
            return _adding(form), 422
        return _adding(form, _beside_fields(form, refused)), 422
    flash(f"Visit {visit_ref} was added.")
    return redirect(link_to(made, is_council()), 303)


@pages.get("/edit-visit/<visit_ref:visit_ref>")
@signed_in(rights.SEND_VISITS)
def edit(visit_ref: str) -> ResponseReturnValue:
    visit = require_visit(visit_ref)
    return _editing(visit, VisitForm(version=visit["version"], **as_typed(visit["values"])))


@pages.post("/edit-visit/<visit_ref:visit_ref>")
@signed_in(rights.SEND_VISITS)
def put(visit_ref: str) -> ResponseReturnValue:
    visit = require_visit(visit_ref)
    form = VisitForm()
    form.validate()
    try:
        saved = _put(visit_ref, visit["organisation"], form, version=form.version.data)
    except Refused as refused:
        if refused.code in CHANGED:
            now = require_visit(visit_ref)
            form.sees(now["version"])
            return _editing(now, form, differences=form.differences(now["values"])), 412
        return _editing(visit, form, problem=_beside_fields(form, refused)), 422
    unchanged = saved["version"] == visit["version"]
    tell(organisation=visit["organisation"], outcome="unchanged" if unchanged else None)
    if unchanged:
        tell_not_done(f"Nothing in visit {visit_ref} was changed.")
    else:
        flash(f"Visit {visit_ref} was saved.")
    return redirect(link_to(saved, is_council()), 303)


@pages.get("/delete-visit/<visit_ref:visit_ref>")
@signed_in(rights.SEND_VISITS)
def delete(visit_ref: str) -> ResponseReturnValue:
    visit = require_visit(visit_ref)
    return _deleting(visit, DeletionForm(version=visit["version"]).for_side(is_council=is_council()))


@pages.post("/delete-visit/<visit_ref:visit_ref>")
@signed_in(rights.SEND_VISITS)
def do_delete(visit_ref: str) -> ResponseReturnValue:
    visit = require_visit(visit_ref)
    form = DeletionForm().for_side(is_council=is_council())
    if not form.validate_on_submit():
        return _deleting(visit, form), 400
    try:
        ingest().delete_visit(
            visit_ref=visit_ref,
            organisation=visit["organisation"],
            reason=form.said(),
            version=form.version.data,
        )
    except Refused as refused:
        if refused.code not in CHANGED:
            raise
        now = require_visit(visit_ref)
        if now["deleted"]:  # sent twice, or somebody else was quicker: its page says who
            return redirect(link_to(now, is_council()), 303)
        form.sees(now["version"])
        return _deleting(now, form, is_changed=True), 412
    tell(organisation=visit["organisation"])
    flash(f"Visit {visit_ref} was deleted.")
    return redirect(link_to(visit, is_council()), 303)


def _has_no_provider() -> bool:
    """The council says first whose visit it adds."""
    return is_council() and organisation_chosen() is None


def _put(visit_ref: str, organisation: str | None, form: VisitForm, *, version: int | None) -> SavedVisit:
    return ingest().put_visit(
        visit_ref=visit_ref, organisation=organisation, version=version, values=form.cells()
    )


def _beside_fields(form: VisitForm, refused: Refused) -> str | None:
    """The errors of a refusal go to their fields; what belongs to none is said above. Others are refused again."""
    if refused.code != "rejected":
        raise refused
    return " ".join(form.refused((refused.details or {}).get("errors", ()))) or None


def _adding(form: VisitForm, problem: str | None = None) -> str:
    lists = ingest().visit_choices(organisation=organisation_chosen())
    return _form_page(
        form, lists, problem=problem, visit=None, organisation=organisation_chosen() if is_council() else None
    )


def _editing(visit: VisitWithVersions, form: VisitForm, **more: Any) -> str:
    lists = ingest().visit_choices(organisation=visit["organisation"])
    return _form_page(form, lists, visit=visit, back=link_to(visit, is_council()), **more, **_who(visit))


def _form_page(form: VisitForm, lists: VisitChoices, **more: Any) -> str:
    return render_template(
        "visits/visit_form.html",
        form=form.offering(lists),
        services=lists["services"],
        rare=RARE,
        rare_is_open=any(form[name].data or form[name].errors for name in RARE),
        **more,
    )


def _deleting(visit: VisitWithVersions, form: DeletionForm, *, is_changed: bool = False) -> str:
    return render_template(
        "visits/delete_visit.html",
        visit=visit,
        form=form,
        is_changed=is_changed,
        types=VISIT_TYPES,
        back=link_to(visit, is_council()),
        **_who(visit),
    )


def _who(visit: Visit) -> dict[str, str]:
    """Who changed the visit last."""
    names = names_of(access.the_parts(), access.account(), [visit["changed_by"]])
    return {"changed_by": names.get(visit["changed_by"], visit["changed_by"])}
