"""What became of each visit of an applied file, as a list with pages and as CSV (RULES 4)."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.visits.files import jobs
from services.portal.visits.files.outcome_rows import CHOICES, Outcomes
from services.portal.visits.files.outcomes import FORGOTTEN
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, ingest, is_council, matching
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import csv_in_parts
from services.portal.web.words import REASONS, STATUS_TAGS

pages = Blueprint("visits_outcomes", __name__, url_prefix="/visits-files")

VISITS_SHOWN: Final = 50


@pages.get("/<uuid:file_id>/visits")
@signed_in(rights.READ_VISITS)
def listed(file_id: uuid.UUID) -> ResponseReturnValue:
    file = ingest().visits_file(file_id=str(file_id))
    if file["state"] != "applied":
        return redirect(url_for("visits_files.one", file_id=file_id))
    became = _became()
    place = place_of(request.args.get("cursor"), int)
    found = Outcomes(ingest(), matching(), file).page(
        became=became, after=place[0] if place else 0, limit=VISITS_SHOWN
    )
    more = None
    if found.after is not None:
        cursor = cursor_of(found.after)
        more = url_for("visits_outcomes.listed", file_id=file_id, became=became, cursor=cursor)
    summary = ingest().visits_file_summary(file_id=file["id"])
    progress = jobs.find_progress(gateway(), caller(), file["id"])
    return render_template(
        "visits_files/became.html",
        file=file,
        rows=found.rows,
        more=more,
        became=became,
        choices=CHOICES,
        reasons=REASONS,
        tags=STATUS_TAGS,
        provider=summary["organisation"] if is_council() else None,
        progress=progress,
        forgotten=FORGOTTEN if not summary["weeks"] else None,
    )


@pages.get("/<uuid:file_id>/visits.csv")
@signed_in(rights.READ_VISITS)
def as_csv(file_id: uuid.UUID) -> ResponseReturnValue:
    file = ingest().visits_file(file_id=str(file_id))
    if file["state"] != "applied":
        abort(404, "The system was not updated with this file, so nothing became of its visits.")
    name = jobs.name_of_rows("what-became-of", file, ingest().visits_file_summary(file_id=file["id"]))
    return csv_in_parts(stream_with_context(Outcomes(ingest(), matching(), file).csv(_became())), name)


def _became() -> str | None:
    asked = request.args.get("became")
    return asked if asked in CHOICES else None
