"""Visits files: send one, look at its check, update or cancel (RULES 4)."""

from __future__ import annotations

import uuid
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.files.objects import read_object
from libs.common.files.visit_headings import HEADINGS
from services.portal.accounts import rules as accounts_rules
from services.portal.visits import jobs
from services.portal.visits.forms import as_typed
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import (
    READERS,
    SENDERS,
    ask,
    caller,
    gateway,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.csv_out import csv_text
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.file_forms import CancelForm, ConfirmForm, UploadForm
from services.portal.web.people import names_in, names_of
from services.portal.web.words import FILE_STATES, advice

pages = Blueprint("visits_files", __name__, url_prefix="/visits-files")

FILES_SHOWN = 20
FINDINGS_SHOWN = 50
LOOK_AGAIN_SECONDS = 2
CHANGED_MEANWHILE = (
    "Nothing was updated: visits, carers or care changed after the check that you saw, so the file was checked again. "
    "Look at the new numbers."
)


@pages.get("")
@signed_in(*READERS)
def visits_files() -> ResponseReturnValue:
    return _list(_upload_form().renewed())


@pages.post("")
@signed_in(*SENDERS)
def send() -> ResponseReturnValue:
    form = _upload_form()
    if not form.validate_on_submit():
        return _list(form.renewed()), 400
    content = form.file.data.read()
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
        return _list(form.renewed()), 422
    return redirect(url_for("visits_files.one", file_id=found["id"]), 303)


@pages.get("/blank.csv")
@signed_in(*READERS)
def blank() -> ResponseReturnValue:
    """A file with the 25 headings and no visits, to fill in."""
    headers = {"Content-Disposition": "attachment; filename=visits.csv"}
    return Response(csv_text(HEADINGS, ()), 200, headers, content_type="text/csv; charset=utf-8")


@pages.get("/<uuid:file_id>")
@signed_in(*READERS)
def one(file_id: uuid.UUID) -> ResponseReturnValue:
    file = ask("ingest", "visits_file", file_id=str(file_id))
    show = {"checked": _checked, "applied": _applied}.get(file["state"], _in_short)
    return show(file)


@pages.post("/<uuid:file_id>/confirm")
@signed_in(*SENDERS)
def confirm(file_id: uuid.UUID) -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400, "Go back to the file's page and use its button.")
    try:
        jobs.confirm_visits_file(
            gateway(), caller(), str(file_id), check_version=form.check_version.data, accepts_changes=False
        )
    except Refused as refused:
        if refused.code != "check_again":
            raise
        flash(CHANGED_MEANWHILE)
    return redirect(url_for("visits_files.one", file_id=file_id), 303)


@pages.post("/<uuid:file_id>/cancel")
@signed_in(*SENDERS)
def cancel(file_id: uuid.UUID) -> ResponseReturnValue:
    ask("ingest", "cancel_visits_file", file_id=str(file_id))
    flash("The file was cancelled. Nothing of it was updated.")
    return redirect(url_for("visits_files.visits_files"), 303)


@pages.get("/<uuid:file_id>/rejected.csv")
@signed_in(*READERS)
def rejected(file_id: uuid.UUID) -> ResponseReturnValue:
    found = ask("ingest", "visits_file", file_id=str(file_id))
    if found["rejected_key"] is None:
        abort(404)
    headers = {"Content-Disposition": f"attachment; filename=rejected-{file_id}.csv"}
    return Response(read_object(found["rejected_key"]), 200, headers, content_type="text/csv; charset=utf-8")


def _upload_form() -> UploadForm:
    form = UploadForm()
    return form.for_council(organisations()) if is_council() else form.for_provider()


def _list(form: UploadForm) -> str:
    files = ask("ingest", "visits_files", organisation=organisation_chosen(), limit=FILES_SHOWN)
    return render_template(
        "visits_files/visits_files.html",
        form=form,
        files=files,
        people=_people(file["uploaded_by"] for file in files),
        states=FILE_STATES,
        may_send=_may_send(),
    )


def _checked(file: dict[str, Any]) -> ResponseReturnValue:
    """The check: counts, what to correct, what it would pay; and the buttons."""
    summary = ask("ingest", "visits_file_summary", file_id=file["id"])
    page = render_template(
        "visits_files/checked.html",
        file=file,
        summary=summary,
        file_warnings=_said_of_file(file),
        advice=[advice(one["code"], one["column"], one["rows"]) for one in summary["findings"]],
        errors=_findings(file, summary, "errors", is_rejection=True),
        warnings=_findings(file, summary, "warnings", is_rejection=False),
        changed=_changed(file, summary["organisation"] if is_council() else None),
        changes=sum(file["counts"][name] for name in ("new", "updated", "deleted")),
        changed_meanwhile=CHANGED_MEANWHILE if file["confirmed_at"] else None,
        confirm=ConfirmForm(formdata=None, check_version=file["check_version"]),
        cancel=CancelForm(formdata=None),
        may_send=_may_send(),
    )
    return page if file["forecast"] or file.get("forecast_failure") else _looked_at_again(page)


def _applied(file: dict[str, Any]) -> ResponseReturnValue:
    """What was updated, and how far matching and payment have come."""
    summary = ask("ingest", "visits_file_summary", file_id=file["id"])
    progress = jobs.progress(gateway(), caller(), file["id"])
    page = render_template(
        "visits_files/applied.html",
        file=file,
        summary=summary,
        file_warnings=_said_of_file(file),
        progress=progress,
        people=_people([file["confirmed_by"]]),
        errors=_findings(file, summary, "errors", is_rejection=True),
        warnings=_findings(file, summary, "warnings", is_rejection=False),
    )
    return page if progress is None or progress.is_done else _looked_at_again(page)


def _said_of_file(file: dict[str, Any]) -> list[str]:
    """The sentences about the file as a whole, with people by their names."""
    return [
        names_in(access.the_parts(), access.account(), warning["message"])
        for warning in file["file_warnings"]
    ]


def _in_short(file: dict[str, Any]) -> ResponseReturnValue:
    """A file that is worked on, was refused or cancelled."""
    refusal = file["refusal"] and names_in(access.the_parts(), access.account(), file["refusal"]["message"])
    page = render_template("visits_files/in_short.html", file=file, refusal=refusal, states=FILE_STATES)
    return _looked_at_again(page) if file["state"] in ("checking", "applying") else page


def _looked_at_again(page: str) -> Response:
    """The page while work goes on: the browser asks again by itself, with JavaScript or without."""
    return Response(page, headers={"Refresh": str(LOOK_AGAIN_SECONDS)})


def _findings(
    file: dict[str, Any], summary: dict[str, Any], name: str, *, is_rejection: bool
) -> dict[str, Any]:
    """A page of the file's errors, or warnings, and the link to the next."""
    if not any(one["is_rejection"] == is_rejection for one in summary["findings"]):
        return {"rows": [], "more": None}
    place = place_of(request.args.get(name), int)
    rows = ask(
        "ingest",
        "visits_file_errors",
        file_id=file["id"],
        is_rejection=is_rejection,
        after=place[0] if place else -1,
        limit=FINDINGS_SHOWN + 1,
    )
    more = None
    if len(rows) > FINDINGS_SHOWN:
        rows = rows[:FINDINGS_SHOWN]
        more = _next(file, name, rows[-1]["position"])
    return {"rows": [list(of_row) for _, of_row in groupby(rows, itemgetter("row"))], "more": more}


def _changed(file: dict[str, Any], organisation: str | None) -> dict[str, Any]:
    """A page of the visits that the file changes or deletes, and the link to the next."""
    if not (file["counts"]["updated"] or file["counts"]["deleted"]):
        return {"rows": [], "more": None}
    place = place_of(request.args.get("changes"), int)
    after = place[0] if place else 0
    rows = ask("ingest", "visits_file_changes", file_id=file["id"], after=after, limit=FINDINGS_SHOWN + 1)
    more = None
    if len(rows) > FINDINGS_SHOWN:
        rows = rows[:FINDINGS_SHOWN]
        more = _next(file, "changes", rows[-1]["row"])
    for row in rows:
        row["differences"] = [
            (name, as_typed({name: before})[name], as_typed({name: after})[name])
            for name, before, after in row["differences"]
        ]
        row["link"] = url_for("visits.one", visit_ref=row["ref"], organisation=organisation)
    return {"rows": rows, "more": more}


def _next(file: dict[str, Any], name: str, place: int) -> str:
    """The link to what follows in one of the page's lists."""
    where: dict[str, Any] = {"file_id": file["id"], name: cursor_of(place)}
    return url_for("visits_files.one", **where) + f"#{name}"


def _people(ids: Any) -> dict[str, str]:
    return names_of(access.the_parts(), access.account(), ids)


def _may_send() -> bool:
    return accounts_rules.is_among(access.account().role, SENDERS)
