"""Visits files: send one, look at its check, update or cancel (RULES 4)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.files.visit_headings import HEADINGS
from libs.common.rights import names as rights
from libs.common.seams.ingest.files import FileChange, FileSummary, RowFinding, VisitsFile
from libs.common.seams.ingest.mending import RowsOfKind
from services.portal.storage.rules import status_of_upload
from services.portal.visits.files import jobs, will_match
from services.portal.visits.files.outcomes import find_outcomes
from services.portal.visits.forms import as_typed
from services.portal.visits.mending.words import what, why
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import (
    gateway,
    ingest,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import csv_for_people, csv_in_parts, file_name
from services.portal.web.forms.files import CancelForm, ConfirmForm, UploadForm
from services.portal.web.listing.files import FILE_COLUMNS
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.clients import client_names
from services.portal.web.names.people import names_in, names_of
from services.portal.web.paging import cursor_asked, cut_page, link_on, place_by_moment
from services.portal.web.telling import tell_not_done
from services.portal.web.words import FILE_STATES, REASONS, advice

pages = Blueprint("visits_files", __name__, url_prefix="/visits-files")

FILES_SHOWN = 20
LIST = Listing(
    "visits file",
    "visits files",
    rows="files",
    method="visits_files",
    columns=FILE_COLUMNS,
)
FINDINGS_SHOWN = 50
LOOK_AGAIN_SECONDS = 1
CHANGED_MEANWHILE = (
    "Nothing was updated: visits, carers or care changed after the check that you saw, so the file was checked again. "
    "Look at the new numbers."
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_VISITS)
def visits_files() -> ResponseReturnValue:
    return _list(_upload_form().renewed())


@pages.post("")
@signed_in(rights.SEND_VISITS)
def send() -> ResponseReturnValue:
    form = _upload_form()
    if not form.validate_on_submit():
        return _list(form.renewed()), 400
    content = form.file.data.stream
    try:
        found = jobs.send_visits_file(
            gateway(),
            caller(),
            content,
            file_id=form.file_id(content),
            file_name=jobs.plain_name(form.file.data.filename or ""),
            organisation=form.organisation.data if is_council() else None,
        )
    except Refused as refused:
        form.file.errors = [refused.message]
        return _list(form.renewed()), status_of_upload(refused)
    return redirect(url_for("visits_files.one", file_id=found["id"]), 303)


@pages.get("/blank.csv")
@signed_in(rights.READ_VISITS)
def blank() -> ResponseReturnValue:
    """A file with the 25 headings and no visits, to fill in."""
    return csv_for_people(csv_text(HEADINGS, ()), file_name("visits-to-fill-in", "csv"))


@pages.get("/<uuid:file_id>")
@signed_in(rights.READ_VISITS)
def one(file_id: uuid.UUID) -> ResponseReturnValue:
    file = ingest().visits_file(file_id=str(file_id))
    show = {"checked": _show_checked, "applied": _show_applied}.get(file["state"], _show_in_short)
    return show(file)


@pages.post("/<uuid:file_id>/confirm")
@signed_in(rights.SEND_VISITS)
def confirm(file_id: uuid.UUID) -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400, "Go back to the file's page and use its button.")
    try:
        jobs.confirm_visits_file(
            ingest(), str(file_id), check_version=form.check_version.data, accepts_changes=False
        )
    except Refused as refused:
        if refused.code != "check_again":
            raise
        tell_not_done(CHANGED_MEANWHILE)
    return redirect(url_for("visits_files.one", file_id=file_id), 303)


@pages.post("/<uuid:file_id>/cancel")
@signed_in(rights.SEND_VISITS)
def cancel(file_id: uuid.UUID) -> ResponseReturnValue:
    ingest().cancel_visits_file(file_id=str(file_id))
    flash("The file was cancelled. Nothing of it was updated.")
    return redirect(url_for("visits_files.visits_files"), 303)


@pages.get("/<uuid:file_id>/rejected.csv")
@signed_in(rights.READ_VISITS)
def rejected(file_id: uuid.UUID) -> ResponseReturnValue:
    found = jobs.find_rejected_rows(ingest(), str(file_id))
    return csv_for_people(*found) if found else abort(404)


@pages.get("/<uuid:file_id>/unmatched.csv")
@signed_in(rights.READ_VISITS)
def unmatched(file_id: uuid.UUID) -> ResponseReturnValue:
    """The rows of a checked file that will not match."""
    client, asked = ingest(), str(file_id)
    file = client.visits_file(file_id=asked)
    name = jobs.name_of_rows("rows-without-match-of", file, client.visits_file_summary(file_id=asked))
    return csv_in_parts(stream_with_context(will_match.unmatched_csv(client, asked, _reason())), name)


def _upload_form() -> UploadForm:
    form = UploadForm()
    return form.for_council(organisations()) if is_council() else form.for_provider()


def _list(form: UploadForm) -> str:
    shown = rows_wanted(FILES_SHOWN)
    found = ingest().visits_files(
        organisation=organisation_chosen(), before=place_by_moment(cursor_asked()), limit=shown + 1
    )
    page = cut_page(found, shown, lambda file: (file["uploaded_at"], file["id"]))
    files = page.rows
    return render_list(
        LIST,
        "visits_files/visits_files.html",
        form=form,
        files=files,
        more=link_on("visits_files.visits_files", page.cursor, organisation=organisation_chosen()),
        people=_people(file["uploaded_by"] for file in files),
        states=FILE_STATES,
        may_send=_may_send(),
    )


def _show_checked(file: VisitsFile) -> ResponseReturnValue:
    """The check: counts, what to correct, what it would pay; and the buttons."""
    summary = ingest().visits_file_summary(file_id=file["id"])
    whose = summary["organisation"] if is_council() else None
    unmatched = will_match.list_unmatched(
        ingest(), file, organisation=whose, reason=_reason(), cursor=request.args.get("unmatched")
    )
    page = render_template(
        "visits_files/checked.html",
        file=file,
        summary=summary,
        reason=_reason(),
        reasons=REASONS,
        unmatched=unmatched,
        names=client_names(gateway(), caller(), (row["client"] for row, _ in unmatched.rows)),
        duplicates=will_match.list_duplicates(ingest(), file, cursor=request.args.get("duplicates")),
        provider=whose,
        file_warnings=_sentences_about(file),
        advice=[advice(one["code"], one["column"], one["rows"]) for one in summary["findings"]],
        errors=_list_findings(file, summary, "errors", is_rejection=True),
        warnings=_list_findings(file, summary, "warnings", is_rejection=False),
        changed=_list_changes(file, whose),
        changes=_count_changes(file),
        changed_meanwhile=CHANGED_MEANWHILE if file["confirmed_at"] else None,
        confirm=ConfirmForm(formdata=None, check_version=file["check_version"]),
        cancel=CancelForm(formdata=None),
        may_send=_may_send(),
        kinds=_list_kinds(file),
    )
    return page if file["forecast"] or file["forecast_failure"] else _looked_at_again(page)


def _list_kinds(file: VisitsFile) -> list[tuple[RowsOfKind, str, str]]:
    """The kinds of rows that one other value may mend, in words, for whoever may."""
    found = ingest().kinds_of_rows(file_id=file["id"]) if _may_send() else []
    return [(one, what(one), why(one)) for one in found]


def _show_applied(file: VisitsFile) -> ResponseReturnValue:
    """What was updated, how far matching and payment have come, and what became of the visits once they have."""
    summary = ingest().visits_file_summary(file_id=file["id"])
    progress = jobs.find_progress(gateway(), caller(), file["id"])
    is_under_way = progress is not None and not progress.is_done
    page = render_template(
        "visits_files/applied.html",
        file=file,
        summary=summary,
        file_warnings=_sentences_about(file),
        progress=progress,
        outcomes=None if is_under_way else find_outcomes(gateway(), caller(), file),
        reasons=REASONS,
        people=_people([file["confirmed_by"]]),
        may_send=_may_send(),
        errors=_list_findings(file, summary, "errors", is_rejection=True),
        warnings=_list_findings(file, summary, "warnings", is_rejection=False),
    )
    return _looked_at_again(page) if is_under_way else page


def _sentences_about(file: VisitsFile) -> list[str]:
    """The sentences about the file as a whole, with people by their names."""
    return [
        names_in(access.the_parts(), access.account(), warning["message"])
        for warning in file["file_warnings"]
    ]


def _show_in_short(file: VisitsFile) -> ResponseReturnValue:
    """A file that is worked on, was refused or cancelled."""
    refusal = file["refusal"] and names_in(access.the_parts(), access.account(), file["refusal"]["message"])
    page = render_template("visits_files/in_short.html", file=file, refusal=refusal, states=FILE_STATES)
    return _looked_at_again(page) if file["state"] in ("checking", "applying") else page


def _looked_at_again(page: str) -> Response:
    """The page while work goes on: the browser asks again by itself, with JavaScript or without."""
    return Response(page, headers={"Refresh": str(LOOK_AGAIN_SECONDS)})


@dataclass(frozen=True)
class Findings:
    """A page of a file's errors or warnings, row by row, and the link to the next."""

    rows: list[list[RowFinding]] = field(default_factory=list)
    more: str | None = None


def _list_findings(file: VisitsFile, summary: FileSummary, name: str, *, is_rejection: bool) -> Findings:
    """A page of the file's errors, or warnings."""
    if not any(one["is_rejection"] == is_rejection for one in summary["findings"]):
        return Findings()
    place = place_of(request.args.get(name), int)
    rows = ingest().visits_file_errors(
        file_id=file["id"],
        is_rejection=is_rejection,
        after=place[0] if place else -1,
        limit=FINDINGS_SHOWN + 1,
    )
    more = None
    if len(rows) > FINDINGS_SHOWN:
        rows = rows[:FINDINGS_SHOWN]
        more = _next(file, name, rows[-1]["position"])
    return Findings([list(of_row) for _, of_row in groupby(rows, itemgetter("row"))], more)


@dataclass(frozen=True)
class Change:
    """A visit that a file changes or deletes: (heading, before, after) of each cell, as people type it."""

    row: int
    ref: str
    action: str
    was_deleted: bool
    differences: list[tuple[str, str, str]]
    link: str


@dataclass(frozen=True)
class Changes:
    """A page of the visits that a file changes or deletes, and the link to the next."""

    rows: list[Change] = field(default_factory=list)
    more: str | None = None


def _list_changes(file: VisitsFile, organisation: str | None) -> Changes:
    """A page of the visits that the file changes or deletes."""
    counts = file["counts"]
    if counts is None or not (counts["updated"] or counts["deleted"]):
        return Changes()
    place = place_of(request.args.get("changes"), int)
    after = place[0] if place else 0
    rows = ingest().visits_file_changes(file_id=file["id"], after=after, limit=FINDINGS_SHOWN + 1)
    more = None
    if len(rows) > FINDINGS_SHOWN:
        rows = rows[:FINDINGS_SHOWN]
        more = _next(file, "changes", rows[-1]["row"])
    return Changes([_to_change(row, organisation) for row in rows], more)


def _to_change(row: FileChange, organisation: str | None) -> Change:
    differences = [
        (name, as_typed({name: before})[name], as_typed({name: after})[name])
        for name, before, after in row["differences"]
    ]
    link = url_for("visits.one", visit_ref=row["ref"], organisation=organisation)
    return Change(row["row"], row["ref"], row["action"], row["was_deleted"], differences, link)


def _reason() -> str | None:
    """The reason that the list of rows without a match is limited to."""
    asked = request.args.get("reason")
    return asked if asked in REASONS else None


def _count_changes(file: VisitsFile) -> int:
    """How many visits it adds, changes and deletes."""
    counts = file["counts"]
    return counts["new"] + counts["updated"] + counts["deleted"] if counts else 0


def _next(file: VisitsFile, name: str, place: int) -> str:
    """The link to what follows in one of the page's lists."""
    where: dict[str, Any] = {"file_id": file["id"], name: cursor_of(place)}
    return url_for("visits_files.one", **where) + f"#{name}"


def _people(ids: Iterable[str | None]) -> dict[str, str]:
    return names_of(access.the_parts(), access.account(), ids)


def _may_send() -> bool:
    return access.may(rights.SEND_VISITS)
