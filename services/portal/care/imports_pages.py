"""Commissioned care as files: send one, look at its check, update or cancel (RULES 2)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TypedDict

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.matching.imports import CareCheck, CareCounts, CareFault
from services.portal.care.imports import (
    CHANGED_MEANWHILE,
    WORKING_STATES,
    confirm_care_file,
    name_of_rejected,
    send_care_file,
)
from services.portal.storage.steps import read_kept
from services.portal.visits.files import jobs
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, matching
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import csv_for_people
from services.portal.web.forms.files import CancelForm, CareUploadForm, ConfirmForm
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked, cut_page, link_on, place_by_moment
from services.portal.web.telling import tell_not_done
from services.portal.web.words import CARE_STATES, advice

pages = Blueprint("care_imports", __name__, url_prefix="/care-imports")

IMPORTS_SHOWN = 20
LIST = Listing(
    "care file",
    "care files",
    rows="imports",
    method="care_imports",
    is_of_provider=False,
    columns={
        "File": "file_name",
        "Sent": "imported_at",
        "Sent by": name_from("people", "imported_by"),
        "New": "counts.new",
        "Changed": "counts.changed",
        "Rejected": "counts.rejected",
        "State": lambda file, page: CARE_STATES[file["state"]][0],
    },
)
ERRORS_SHOWN = 50
LOOK_AGAIN_SECONDS = 2
LISTS = {
    "clients": "client",
    "organisations": "provider",
    "services": "service",
    "service_levels": "service level",
}


class _Errors(TypedDict):
    """A page of errors, and the link to the next."""

    rows: list[CareFault]
    more: str | None


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.CHANGE_CARE)
def care_imports() -> ResponseReturnValue:
    return _list(_form().renewed())


@pages.post("")
@signed_in(rights.CHANGE_CARE)
def send() -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit():
        return _list(form.renewed()), 400
    content = form.file.data.stream
    found = send_care_file(
        access.the_parts(),
        caller(),
        matching(),
        content,
        import_id=form.file_id(content),
        file_name=jobs.plain_name(form.file.data.filename or "care.csv"),
    )
    return redirect(url_for("care_imports.one", import_id=found["id"]), 303)


@pages.get("/<uuid:import_id>")
@signed_in(rights.CHANGE_CARE)
def one(import_id: uuid.UUID) -> ResponseReturnValue:
    file = matching().care_check(import_id=str(import_id))
    progress = jobs.find_progress(gateway(), caller(), file["id"]) if file["state"] == "imported" else None
    page = render_template(
        "care_imports/care_import.html",
        file=file,
        changes=_count_changes(file["counts"]),
        also=[(LISTS[name], count) for name, count in (file["also_changed"] or {}).items() if count],
        advice=[advice(each["code"], each["column"], each["rows"]) for each in file["advice"]],
        errors=_page_of_errors(file),
        changed_meanwhile=CHANGED_MEANWHILE if file["state"] == "checked" and file["confirmed_at"] else None,
        progress=progress,
        people=_people((file["imported_by"], file["confirmed_by"])),
        states=CARE_STATES,
        confirm=ConfirmForm(formdata=None, check_version=file["check_version"]),
        cancel=CancelForm(formdata=None),
    )
    is_under_way = (
        file["state"] in WORKING_STATES
        or (file["state"] == "checked" and not file["forecast"])
        or (progress is not None and not progress.is_done)
    )
    return Response(page, headers={"Refresh": str(LOOK_AGAIN_SECONDS)}) if is_under_way else page


@pages.post("/<uuid:import_id>/confirm")
@signed_in(rights.CHANGE_CARE)
def confirm(import_id: uuid.UUID) -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400, "Go back to the file's page and use its button.")
    version = form.check_version.data
    try:
        confirm_care_file(matching(), str(import_id), check_version=version)
    except Refused as refused:
        if refused.code != "check_again":
            raise
        tell_not_done(CHANGED_MEANWHILE)
    return redirect(url_for("care_imports.one", import_id=import_id), 303)


@pages.post("/<uuid:import_id>/cancel")
@signed_in(rights.CHANGE_CARE)
def cancel(import_id: uuid.UUID) -> ResponseReturnValue:
    matching().cancel_care(import_id=str(import_id))
    flash("The file was cancelled. Nothing of it was updated.")
    return redirect(url_for("care_imports.care_imports"), 303)


@pages.get("/<uuid:import_id>/rejected.csv")
@signed_in(rights.CHANGE_CARE)
def rejected(import_id: uuid.UUID) -> ResponseReturnValue:
    found = matching().care_check(import_id=str(import_id))
    if found["rejected_key"] is None:
        abort(404)
    return csv_for_people(read_kept(found["rejected_key"]), name_of_rejected(found))


def _form() -> CareUploadForm:
    form = CareUploadForm()
    form.for_provider()  # it names its providers itself
    return form


def _list(form: CareUploadForm) -> str:
    shown = rows_wanted(IMPORTS_SHOWN)
    found = matching().care_imports(before=place_by_moment(cursor_asked()), limit=shown + 1)
    page = cut_page(found, shown, lambda file: (file["imported_at"], file["id"]))
    return render_list(
        LIST,
        "care_imports/care_imports.html",
        form=form,
        imports=page.rows,
        people=_people(each["imported_by"] for each in page.rows),
        states=CARE_STATES,
        more=link_on("care_imports.care_imports", page.cursor),
    )


def _count_changes(counts: CareCounts | None) -> int:
    return counts["new"] + counts["changed"] if counts else 0


def _page_of_errors(file: CareCheck) -> _Errors:
    """A page of the file's rejected rows, and the link to the next."""
    place = place_of(request.args.get("errors"), int)
    after = max(place[0], 0) if place else 0
    rows = matching().care_errors(import_id=file["id"], after=after, limit=ERRORS_SHOWN + 1)
    more = None
    if len(rows) > ERRORS_SHOWN:
        rows = rows[:ERRORS_SHOWN]
        cursor = cursor_of(rows[-1]["position"])
        more = url_for("care_imports.one", import_id=file["id"], errors=cursor) + "#errors"
    return {"rows": rows, "more": more}


def _people(ids: Iterable[str | None]) -> dict[str, str]:
    return names_of(access.the_parts(), access.account(), ids)
