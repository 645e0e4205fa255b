"""Rejected rows corrected on a page: those that were changed go as a file of their own, and are checked (RULES 4)."""

from __future__ import annotations

import io
import uuid
from pathlib import PurePath
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.files.visit_headings import HEADINGS
from libs.common.rights import names as rights
from libs.common.seams.ingest.files import VisitsFile
from services.portal.storage.rules import status_of_upload
from services.portal.visits.corrections.forms import MAIN, CorrectionForm, form_of, name_of
from services.portal.visits.corrections.rows import RejectedPage, RejectedRow, corrected_file, list_rejected
from services.portal.visits.files import jobs
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, ingest, is_council
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.telling import tell_not_done
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("visits_corrections", __name__, url_prefix="/visits-files")

ROWS_SHOWN: Final = 10
CHECKED_AGAIN: Final = "The file was checked again since: these are its rejected rows now."
NOTHING_CHANGED: Final = "Change at least one row, then check again"


@pages.get("/<uuid:file_id>/correct")
@signed_in(rights.SEND_VISITS)
def correct(file_id: uuid.UUID) -> ResponseReturnValue:
    file, found = _asked(file_id)
    return _page(file, found, form_of(found.rows, check_version=file["check_version"]).renewed())


@pages.post("/<uuid:file_id>/correct")
@signed_in(rights.SEND_VISITS)
def check(file_id: uuid.UUID) -> ResponseReturnValue:
    file, found = _asked(file_id)
    form = form_of(found.rows)
    if not form.is_sound():
        return _page(file, found, form.renewed()), 400
    if form.check_version.data != file["check_version"]:
        tell_not_done(CHECKED_AGAIN)
        return redirect(url_for("visits_corrections.correct", file_id=file_id), 303)
    changed = [form.cells_of(row) for row in found.rows if form.is_changed(row)]
    if not changed:
        return _page(file, found, form.renewed(), NOTHING_CHANGED), 400
    content = corrected_file(changed)
    summary = ingest().visits_file_summary(file_id=file["id"])
    try:
        sent = jobs.send_visits_file(
            gateway(),
            caller(),
            io.BytesIO(content),
            file_id=form.file_id(content),
            file_name=jobs.plain_name(f"corrected rows of {PurePath(file['file_name']).name}"),
            organisation=summary["organisation"] if is_council() else None,
        )
    except Refused as refused:
        return _page(file, found, form.renewed(), refused.message), status_of_upload(refused)
    return redirect(url_for("visits_files.one", file_id=sent["id"]), 303)


def _asked(file_id: uuid.UUID) -> tuple[VisitsFile, RejectedPage]:
    """The file, and those of its rejected rows that the address names. 404 where it has none."""
    file = ingest().visits_file(file_id=str(file_id))
    place = place_of(request.args.get("cursor"), int)
    found = list_rejected(ingest(), file, after=place[0] if place else 0, limit=ROWS_SHOWN)
    if not found.rows:
        abort(404, "This file has no rejected rows to correct.")
    return file, found


def _page(file: VisitsFile, found: RejectedPage, form: CorrectionForm, problem: str | None = None) -> str:
    whose = ingest().visits_file_summary(file_id=file["id"])["organisation"]
    lists = ingest().visit_choices(organisation=whose if is_council() else None)
    more = None
    if found.after is not None:
        cursor = cursor_of(found.after)
        more = url_for("visits_corrections.correct", file_id=file["id"], cursor=cursor)
    return render_template(
        "visits_files/correct.html",
        file=file,
        form=form,
        problem=problem,
        rows=[_shown(form, row) for row in found.rows],
        more=more,
        types=[(one["ref"], VISIT_TYPES.get(one["ref"], one["ref"])) for one in lists["visit_types"]],
        levels=lists["service_levels"],
        services=lists["services"],
    )


def _shown(form: CorrectionForm, row: RejectedRow) -> dict[str, object]:
    """A row for its template: fields that must be seen, and the others."""
    about_row = form.show_whys(row)
    named = {heading: form[name_of(row.row, heading)] for heading in HEADINGS}
    seen = [field for heading, field in named.items() if field.errors or heading in MAIN]
    others = [field for field in named.values() if field not in seen]
    return {"row": row.row, "ref": row.ref, "about_row": about_row, "seen": seen, "others": others}
