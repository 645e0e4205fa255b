"""Carers: those whom visits may name, and files of them, checked and then imported (RULES 3)."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.ingest.carers import Carer, CarerError, SeenCounts
from services.portal.carers.files import CarersFile, kept, named
from services.portal.storage.rules import status_of_upload
from services.portal.storage.steps import keep_upload
from services.portal.visits.files import jobs
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, ingest, is_council, organisation_chosen, organisations
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.formats import counted
from services.portal.web.forms.files import CarersConfirmForm, CarersUploadForm
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.paging import cursor_asked
from services.portal.web.telling import tell_not_done
from services.portal.web.words import advice

pages = Blueprint("carers", __name__, url_prefix="/carers")

CARERS_SHOWN = 100
LIST = Listing(
    "carer",
    "carers",
    method="carers",
    columns={"CarerRef": "carer_ref", "Forename": "forename", "Surname": "surname"},
)
CHANGED_MEANWHILE = (
    "Nothing was updated: the carers changed after the check that you saw. Look at the new numbers."
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.SEND_CARERS)
def carers() -> ResponseReturnValue:
    return _list(_upload_form().renewed())


@pages.post("")
@signed_in(rights.SEND_CARERS)
def send() -> ResponseReturnValue:
    form = _upload_form()
    if not form.validate_on_submit():
        return _list(form.renewed()), 400
    content = form.file.data.stream
    file = CarersFile(
        str(form.file_id(content)),
        jobs.plain_name(form.file.data.filename or "carers.csv"),
        form.organisation.data if is_council() else None,
    )
    try:
        keep_upload(access.the_parts(), caller(), file.object_key, content)
        jobs.await_lists(gateway())
        ingest().check_carers_file(object_key=file.object_key, organisation=file.organisation)
    except Refused as refused:
        form.file.errors = [refused.message]
        return _list(form.renewed()), status_of_upload(refused)
    return redirect(url_for("carers.check", carers_file=kept(access.the_parts(), caller(), file)), 303)


@pages.get("/<carers_file>")
@signed_in(rights.SEND_CARERS)
def check(carers_file: str) -> ResponseReturnValue:
    file = named(access.the_parts(), caller(), carers_file)
    found = ingest().check_carers_file(object_key=file.object_key, organisation=file.organisation)
    counts = found["counts"]
    return render_template(
        "carers/check.html",
        file=file,
        found=found,
        changes=counts["new"] + counts["changed"],
        advice=_advice(found["errors"]),
        confirm=CarersConfirmForm(formdata=None, new=counts["new"], changed=counts["changed"]),
        address=carers_file,
    )


@pages.post("/<carers_file>/confirm")
@signed_in(rights.SEND_CARERS)
def confirm(carers_file: str) -> ResponseReturnValue:
    file = named(access.the_parts(), caller(), carers_file)
    form = CarersConfirmForm()
    if not form.validate_on_submit():
        abort(400, "Go back to the file's page and use its button.")
    seen: SeenCounts = {"new": form.new.data, "changed": form.changed.data}
    try:
        ingest().import_checked_carers(object_key=file.object_key, organisation=file.organisation, seen=seen)
    except Refused as refused:
        if refused.code != "check_again":
            raise
        tell_not_done(CHANGED_MEANWHILE)
        return redirect(url_for("carers.check", carers_file=carers_file), 303)
    flash(f"The system was updated: {counted(seen['new'] + seen['changed'], 'carer')} from {file.file_name}.")
    return redirect(url_for("carers.carers", organisation=file.organisation), 303)


def _upload_form() -> CarersUploadForm:
    form = CarersUploadForm()
    if is_council():
        form.for_council(organisations())
        if request.method == "GET" and not form.is_filled_in_again:
            form.organisation.data = organisation_chosen() or ""
    else:
        form.for_provider()
    return form


def _list(form: CarersUploadForm) -> str:
    organisation, more = organisation_chosen(), None
    place = place_of(cursor_asked(), str)
    rows, shown = list[Carer](), rows_wanted(CARERS_SHOWN)
    if organisation or not is_council():
        after = place[0] if place else ""
        rows = ingest().carers(organisation=organisation, after=after, limit=shown + 1)
    if len(rows) > shown:
        rows = rows[:shown]
        more = url_for("carers.carers", organisation=organisation, cursor=cursor_of(rows[-1]["carer_ref"]))
    return render_list(
        LIST,
        "carers/carers.html",
        form=form,
        rows=rows,
        more=more,
        chosen=organisation,
        organisations=organisations(),
    )


def _advice(errors: list[CarerError]) -> list[str]:
    """What to do about each kind of error, and in how many rows."""
    kinds: dict[tuple[str, str], set[int]] = {}
    for error in errors:
        kinds.setdefault((error["code"], error["column"]), set()).add(error["row"])
    return [advice(code, column, len(rows)) for (code, column), rows in kinds.items()]
