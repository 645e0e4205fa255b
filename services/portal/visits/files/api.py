"""/api/v1/visits-files: upload and check, confirm, cancel, look, download what was rejected."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from flask import Blueprint, Response, request, url_for
from werkzeug.http import parse_options_header

from libs.common.errors import Refused
from libs.common.files.csv_files import MAX_BYTES
from libs.common.rights import names as rights
from libs.common.seams.ingest.files import RowFinding, VisitsFile
from services.portal.api import asked, schemas
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.visits.files import jobs
from services.portal.visits.history.versions import version_seen
from services.portal.web.calls import ingest
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import CSV, download

ERRORS_SHOWN = 1000
FILE = Answer("The file, its counts, what it would pay, and its errors", schemas.VisitsFile)
LATER = Answer("The same, while work on it goes on: look again at Location", schemas.VisitsFile)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.post("/visits-files")
    @operation(
        Operation(
            "Send a visits file: it is checked, and applied too with confirm=true",
            {201: FILE, 202: LATER},
            query=asked.Upload,
            file_bytes=MAX_BYTES,
            headers={
                "Content-Disposition": "the file's name: attachment; filename=visits.csv",
            },
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.SEND_VISITS,),
        )
    )
    def upload_visits_file(query: dict[str, Any], content: BinaryIO, seed: uuid.UUID | None) -> Response:
        found = jobs.send_visits_file(
            gateway,
            caller(),
            content,
            file_id=seed or uuid.uuid4(),
            file_name=file_name(),
            organisation=query.get("organisation"),
            confirms_itself=query["confirm"],
        )
        is_done = jobs.is_applied if query["confirm"] else jobs.is_checked
        return answer_file(found, 201 if is_done(found) else 202)

    @api.get("/visits-files/<uuid:file_id>")
    @operation(
        Operation(
            "Look at a visits file",
            {200: FILE},
            query=asked.ErrorsPage,
            problems=(404,),
            needs=(rights.READ_VISITS,),
        )
    )
    def visits_file(file_id: uuid.UUID, query: dict[str, Any]) -> Response:
        place = place_of(query.get("cursor"), int)
        found = ingest().visits_file(file_id=str(file_id))
        return answer_file(found, 200, after=place[0] if place else -1, limit=query["limit"])

    @api.post("/visits-files/<uuid:file_id>/confirm")
    @operation(
        Operation(
            "Update the system with a checked file; say which check you saw",
            {201: FILE, 202: LATER},
            query=asked.Confirm,
            json_body=asked.Confirmation,
            is_body_optional=True,
            headers={
                "If-Match": "the file's ETag, in place of check_version",
            },
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.SEND_VISITS,),
        )
    )
    def confirm_visits_file(
        file_id: uuid.UUID, query: dict[str, Any], body: dict[str, Any], seed: uuid.UUID | None
    ) -> Response:
        version = body["check_version"] if body["check_version"] is not None else version_seen()
        try:
            found = jobs.confirm_visits_file(
                ingest(), str(file_id), check_version=version, accepts_changes=query["confirm"]
            )
        except Refused as refused:
            raise other_check(refused.details) if refused.code == "check_again" else refused from None
        if found["state"] == "checked":
            raise other_check(found)
        return answer_file(found, 201 if found["state"] == "applied" else 202)

    @api.delete("/visits-files/<uuid:file_id>")
    @operation(
        Operation(
            "Drop a checked file",
            {200: FILE},
            query=asked.NoQuery,
            problems=(404, 409),
            needs=(rights.SEND_VISITS,),
        )
    )
    def cancel_visits_file(file_id: uuid.UUID, query: dict[str, Any]) -> Response:
        return answer_file(ingest().cancel_visits_file(file_id=str(file_id)), 200)

    @api.get("/visits-files/<uuid:file_id>/rejected.csv")
    @operation(
        Operation(
            "The rejected rows with their reasons, to correct and send again",
            {200: Answer("The 25 columns and Reasons", media_type="text/csv")},
            query=asked.NoQuery,
            problems=(404,),
            needs=(rights.READ_VISITS,),
        )
    )
    def rejected_rows(file_id: uuid.UUID, query: dict[str, Any]) -> Response:
        found = jobs.find_rejected_rows(ingest(), str(file_id))
        if found is None:
            raise Refused("not_found", "No row of this file was rejected.")
        return download(*found, CSV)

    @api.get("/visits-files/<uuid:file_id>/warnings")
    @operation(
        Operation(
            "What is doubtful in rows that are stored all the same",
            {200: Answer("A page of warnings", schemas.Warnings)},
            query=asked.ErrorsPage,
            problems=(404,),
            needs=(rights.READ_VISITS,),
        )
    )
    def warnings(file_id: uuid.UUID, query: dict[str, Any]) -> Response:
        place = place_of(query.get("cursor"), int)
        found, place_of_next = list_errors(
            str(file_id), after=place[0] if place else -1, limit=query["limit"], is_rejection=False
        )
        return answered(schemas.Warnings, {"items": found, "next_cursor": place_of_next})


def list_errors(
    file_id: str, *, after: int, limit: int, is_rejection: bool
) -> tuple[list[RowFinding], str | None]:
    """Errors after a position, and the cursor of the next page."""
    found = ingest().visits_file_errors(
        file_id=file_id, is_rejection=is_rejection, after=after, limit=limit + 1
    )
    page = found[:limit]
    return page, cursor_of(page[-1]["position"]) if len(found) > limit else None


def answer_file(found: VisitsFile, status: int, *, after: int = -1, limit: int = ERRORS_SHOWN) -> Response:
    """The document of DESIGN 4.2; which check it shows is its ETag, further errors are behind Link."""
    place = url_for("api.visits_file", file_id=found["id"])
    headers = {"ETag": f'"{found["check_version"]}"'}
    if status != 200:
        headers["Location"] = place
    if found["refusal"]:
        errors: Sequence[object] = [{"row": None, "ref": "", "column": "", **found["refusal"]}]
    else:
        errors, cursor = list_errors(found["id"], after=after, limit=limit, is_rejection=True)
        if cursor:
            headers["Link"] = f'<{place}?cursor={cursor}&limit={limit}>; rel="next"'
    return answered(schemas.VisitsFile, {**found, "errors": errors}, status, headers)


def other_check(document: Mapping[str, object] | None) -> Refused:
    """What was shown is not what would be applied: the new counts, to look at and confirm."""
    found = document or {}
    details = {"counts": found.get("counts"), "check_version": found.get("check_version")}
    sentence = "Checking again gave another result: look at the new counts, then confirm that check."
    return Refused("check_again", sentence, details)


def file_name() -> str:
    """The name that the sender gave the file, as it can safely be shown."""
    _, options = parse_options_header(request.headers.get("Content-Disposition", ""))
    return jobs.plain_name(options.get("filename", ""))
