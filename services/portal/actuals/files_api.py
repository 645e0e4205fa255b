"""/api/v1/actuals-files: files of actuals, checked and then applied (RULES 13, as 4)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, BinaryIO

from flask import Blueprint, Response, request, url_for
from werkzeug.http import parse_options_header

from libs.common.errors import Refused
from libs.common.files.csv_files import MAX_ACTUALS_BYTES
from libs.common.rights import names as rights
from libs.common.seams.ingest.actuals import ActualsFileDocument
from services.portal.actuals import api_schemas, export, jobs
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.visits.files.jobs import is_applied, plain_name
from services.portal.visits.history.versions import version_seen
from services.portal.web.calls import ingest
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import CSV, download

ERRORS_SHOWN = 1000
FILE = Answer("The file, its counts, what it would pay, and its errors", api_schemas.ActualsFile)
LATER = Answer("The same, while work on it goes on: look again at Location", api_schemas.ActualsFile)
ONE_FILE = "/actuals-files/<uuid:actuals_file_id>"
Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.post("/actuals-files")
    @operation(
        Operation(
            "Send a file of actuals: it is checked, and applied too with confirm=true",
            {201: FILE, 202: LATER},
            query=asked.Upload,
            file_bytes=MAX_ACTUALS_BYTES,
            headers={"Content-Disposition": "the file's name: attachment; filename=actuals.csv"},
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.ENTER_ACTUALS,),
        )
    )
    def upload_actuals_file(query: Row, content: BinaryIO, seed: uuid.UUID | None) -> Response:
        _, options = parse_options_header(request.headers.get("Content-Disposition", ""))
        found = jobs.send_actuals_file(
            gateway,
            caller(),
            content,
            file_id=seed or uuid.uuid4(),
            file_name=plain_name(options.get("filename", "") or "actuals.csv"),
            organisation=query.get("organisation"),
            confirms_itself=query["confirm"],
        )
        is_done = is_applied if query["confirm"] else jobs.is_checked
        return answer_file(found, 201 if is_done(found) else 202)

    @api.get(ONE_FILE)
    @operation(
        Operation(
            "Look at a file of actuals",
            {200: FILE},
            query=asked.ErrorsPage,
            problems=(404,),
            needs=(rights.READ_ACTUALS,),
        )
    )
    def actuals_file(actuals_file_id: uuid.UUID, query: Row) -> Response:
        place = place_of(query.get("cursor"), int)
        found = ingest().actuals_file(file_id=str(actuals_file_id))
        return answer_file(found, 200, after=place[0] if place else -1, limit=query["limit"])

    @api.post(f"{ONE_FILE}/confirm")
    @operation(
        Operation(
            "Update the system with a checked file of actuals; say which check you saw",
            {201: FILE, 202: LATER},
            query=asked.Confirm,
            json_body=asked.Confirmation,
            is_body_optional=True,
            headers={"If-Match": "the file's ETag, in place of check_version"},
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.ENTER_ACTUALS,),
        )
    )
    def confirm_actuals_file(
        actuals_file_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None
    ) -> Response:
        version = body["check_version"] if body["check_version"] is not None else version_seen()
        found = jobs.confirm_actuals_file(
            ingest(), str(actuals_file_id), check_version=version, accepts_changes=query["confirm"]
        )
        if found["state"] == "checked":
            details = {"counts": found["counts"], "check_version": found["check_version"]}
            sentence = "Checking again gave another result: look at the new counts, then confirm that check."
            raise Refused("check_again", sentence, details)
        return answer_file(found, 201 if found["state"] == "applied" else 202)

    @api.delete(ONE_FILE)
    @operation(
        Operation(
            "Drop a checked file of actuals",
            {200: FILE},
            query=asked.NoQuery,
            problems=(404, 409),
            needs=(rights.ENTER_ACTUALS,),
        )
    )
    def cancel_actuals_file(actuals_file_id: uuid.UUID, query: Row) -> Response:
        return answer_file(ingest().cancel_actuals_file(file_id=str(actuals_file_id)), 200)

    @api.get(f"{ONE_FILE}/rejected.csv")
    @operation(
        Operation(
            "The rejected rows with their reasons, to correct and send again",
            {200: Answer("The columns of the file and Reasons", media_type="text/csv")},
            query=asked.NoQuery,
            problems=(404,),
            needs=(rights.READ_ACTUALS,),
        )
    )
    def rejected_actuals(actuals_file_id: uuid.UUID, query: Row) -> Response:
        found = jobs.find_rejected_rows(ingest(), str(actuals_file_id))
        if found is None:
            raise Refused("not_found", "No row of this file was rejected.")
        file = ingest().actuals_file(file_id=str(actuals_file_id))
        return download(found, export.name_of_rejected(file), CSV)


def answer_file(
    found: ActualsFileDocument, status: int, *, after: int = -1, limit: int = ERRORS_SHOWN
) -> Response:
    """The document; which check it shows is its ETag, further errors are behind Link."""
    place = url_for("api.actuals_file", actuals_file_id=found["id"])
    headers = {"ETag": f'"{found["check_version"]}"'}
    if status != 200:
        headers["Location"] = place
    errors: Sequence[object]
    if found["refusal"]:
        errors = [{"row": None, "ref": "", "column": "", **found["refusal"]}]
    else:
        page = ingest().actuals_file_errors(file_id=found["id"], after=after, limit=limit + 1)
        errors = page[:limit]
        if len(page) > limit:
            cursor = cursor_of(page[limit - 1]["position"])
            headers["Link"] = f'<{place}?cursor={cursor}&limit={limit}>; rel="next"'
    return answered(api_schemas.ActualsFile, {**found, "errors": errors}, status, headers)
