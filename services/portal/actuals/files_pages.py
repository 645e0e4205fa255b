"""Files of actuals: a week to take along, a file to send, its check, update or cancel (RULES 13, as 4)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import InputRequired

from libs.common.errors import Refused
from libs.common.files.actual_files import HEADINGS
from libs.common.rights import names as rights
from libs.common.seams.ingest.actuals import ActualsFileDocument
from services.portal.actuals import export, jobs
from services.portal.actuals.pages import last_week, may_change
from services.portal.storage.rules import status_of_upload
from services.portal.visits.files.jobs import plain_name
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import day_named
from services.portal.web.calls import (
    gateway,
    ingest,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import csv_for_people, file_name
from services.portal.web.forms.files import CancelForm, ConfirmForm, UploadForm
from services.portal.web.listing.files import FILE_COLUMNS
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.organisations import provider_names
from services.portal.web.names.people import names_in, names_of
from services.portal.web.paging import cursor_asked, cut_page, link_on, place_by_moment
from services.portal.web.telling import tell_not_done
from services.portal.web.words import FILE_STATES

pages = Blueprint("actuals_files", __name__, url_prefix="/actuals-files")

FILES_SHOWN = 20
LIST = Listing(
    "file of actuals",
    "files of actuals",
    rows="files",
    method="actuals_files",
    columns=FILE_COLUMNS,
)
ERRORS_SHOWN = 50
LOOK_AGAIN_SECONDS = 2
ONE = "/<uuid:actuals_file_id>"
CHANGED_MEANWHILE = (
    "Nothing was updated: actuals or care changed after the check that you saw, so the file was checked again. "
    "Look at the new numbers."
)


class ActualsUploadForm(UploadForm):
    """A file of actuals to check."""

    file = FileField("File of actuals", [FileRequired("Choose a file of actuals")])
    organisation = SelectField("Provider", [InputRequired("Choose whose actuals these are")], coerce=str)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_ACTUALS)
def listed() -> ResponseReturnValue:
    return _list(_upload_form().renewed())


@pages.post("")
@signed_in(rights.ENTER_ACTUALS)
def send() -> ResponseReturnValue:
    form = _upload_form()
    if not form.validate_on_submit():
        return _list(form.renewed()), 400
    content = form.file.data.stream
    try:
        found = jobs.send_actuals_file(
            gateway(),
            caller(),
            content,
            file_id=form.file_id(content),
            file_name=plain_name(form.file.data.filename or "actuals.csv"),
            organisation=form.organisation.data if is_council() else None,
        )
    except Refused as refused:
        form.file.errors = [refused.message]
        return _list(form.renewed()), status_of_upload(refused)
    return redirect(url_for("actuals_files.one", actuals_file_id=found["id"]), 303)


@pages.get("/blank.csv")
@signed_in(rights.READ_ACTUALS)
def blank() -> ResponseReturnValue:
    """A file with the headings and no actuals, to fill in."""
    return csv_for_people(csv_text(HEADINGS, ()), file_name("actuals-to-fill-in", "csv"))


@pages.get("/week.csv")
@signed_in(rights.READ_ACTUALS)
def week() -> ResponseReturnValue:
    """A week's actuals in the columns in which they are imported (`?week=` its Monday)."""
    monday = day_named(request.args.get("week") or last_week().isoformat())
    if monday.weekday():
        abort(404)
    whose = organisation_chosen()
    jobs.await_care(gateway())
    content = export.export_week(gateway(), caller(), monday=monday.isoformat(), organisation=whose)
    return csv_for_people(content.encode(), export.name_of_week(monday, whose))


@pages.get("/help")
@signed_in(rights.READ_ACTUALS)
def guide() -> ResponseReturnValue:
    return render_template("actuals_files/help.html")


@pages.get(ONE)
@signed_in(rights.READ_ACTUALS)
def one(actuals_file_id: uuid.UUID) -> ResponseReturnValue:
    file = ingest().actuals_file(file_id=str(actuals_file_id))
    page = render_template(
        "actuals_files/file.html",
        file=file,
        provider=_provider(file) if is_council() else None,
        states=FILE_STATES,
        changes=file["counts"]["new"] + file["counts"]["updated"] if file["counts"] else 0,
        refusal=file["refusal"]
        and names_in(access.the_parts(), access.account(), file["refusal"]["message"]),
        people=names_of(access.the_parts(), access.account(), [file["confirmed_by"]]),
        confirm=ConfirmForm(formdata=None, check_version=file["check_version"]),
        cancel=CancelForm(formdata=None),
        may_send=may_change(),
        **_errors(file),
    )
    is_at_work = file["state"] in ("checking", "applying")
    return Response(page, headers={"Refresh": str(LOOK_AGAIN_SECONDS)} if is_at_work else None)


@pages.post(f"{ONE}/confirm")
@signed_in(rights.ENTER_ACTUALS)
def confirm(actuals_file_id: uuid.UUID) -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400, "Go back to the file's page and use its button.")
    file_id, version = str(actuals_file_id), form.check_version.data
    try:
        found = jobs.confirm_actuals_file(ingest(), file_id, check_version=version, accepts_changes=False)
        is_checked_again = found["state"] == "checked"
    except Refused as refused:
        if refused.code != "check_again":
            raise
        is_checked_again = True
    if is_checked_again:
        tell_not_done(CHANGED_MEANWHILE)
    return redirect(url_for("actuals_files.one", actuals_file_id=actuals_file_id), 303)


@pages.post(f"{ONE}/cancel")
@signed_in(rights.ENTER_ACTUALS)
def cancel(actuals_file_id: uuid.UUID) -> ResponseReturnValue:
    ingest().cancel_actuals_file(file_id=str(actuals_file_id))
    flash("The file was cancelled. Nothing of it was updated.")
    return redirect(url_for("actuals_files.listed"), 303)


@pages.get(f"{ONE}/rejected.csv")
@signed_in(rights.READ_ACTUALS)
def rejected(actuals_file_id: uuid.UUID) -> ResponseReturnValue:
    """The rejected rows with their reasons, to correct and send again."""
    file_id = str(actuals_file_id)
    content = jobs.find_rejected_rows(ingest(), file_id)
    if content is None:
        abort(404)
    return csv_for_people(content, export.name_of_rejected(ingest().actuals_file(file_id=file_id)))


def _upload_form() -> UploadForm:
    form = ActualsUploadForm()
    return form.for_council(organisations()) if is_council() else form.for_provider()


def _list(form: UploadForm) -> str:
    shown = rows_wanted(FILES_SHOWN)
    found = ingest().actuals_files(
        organisation=organisation_chosen(), before=place_by_moment(cursor_asked()), limit=shown + 1
    )
    page = cut_page(found, shown, lambda file: (file["uploaded_at"], file["id"]))
    files = page.rows
    return render_list(
        LIST,
        "actuals_files/files.html",
        form=form,
        files=files,
        more=link_on("actuals_files.listed", page.cursor, organisation=organisation_chosen()),
        people=names_of(access.the_parts(), access.account(), (file["uploaded_by"] for file in files)),
        states=FILE_STATES,
        may_send=may_change(),
        last_week=last_week(),
    )


def _errors(file: ActualsFileDocument) -> dict[str, Any]:
    """A page of the file's errors, and the link to the next."""
    place = place_of(request.args.get("errors"), int)
    rows = ingest().actuals_file_errors(
        file_id=file["id"], after=place[0] if place else -1, limit=ERRORS_SHOWN + 1
    )
    more = None
    if len(rows) > ERRORS_SHOWN:
        rows = rows[:ERRORS_SHOWN]
        where: dict[str, Any] = {"errors": cursor_of(rows[-1]["position"]), "_anchor": "errors"}
        more = url_for("actuals_files.one", actuals_file_id=file["id"], **where)
    return {"errors": rows, "more": more}


def _provider(file: ActualsFileDocument) -> str:
    organisation_id = file["organisation_id"]
    return provider_names(access.the_parts(), gateway(), [organisation_id])[organisation_id]
