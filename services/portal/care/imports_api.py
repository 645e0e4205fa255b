"""/api/v1/care-files, and line items by PUT: the council's own system sends the care that it commissions (RULES 2)."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any, BinaryIO

from flask import Blueprint, Response, request, url_for
from werkzeug.http import parse_options_header

from libs.common.errors import Refused
from libs.common.files.care_headings import HEADINGS
from libs.common.files.csv_files import MAX_BYTES
from libs.common.rights import names as rights
from libs.common.seams.matching.imports import CareCheck, CareFault
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.audit.telling import tell
from services.portal.care import imports, imports_api_schemas
from services.portal.clients.gateway import Gateway
from services.portal.storage.steps import read_kept
from services.portal.visits.files.jobs import plain_name
from services.portal.visits.history.versions import version_seen
from services.portal.web.access import the_parts
from services.portal.web.calls import matching
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import CSV, download

ERRORS_SHOWN = 1000
FILE = Answer("The file, its counts, what it would change, and its errors", imports_api_schemas.CareFile)
LATER = Answer("The same, while work on it goes on: look again at Location", imports_api_schemas.CareFile)
ONE_FILE = "/care-files/<uuid:import_id>"
Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.post("/care-files")
    @operation(
        Operation(
            "Send a care file: it is checked, and imported with confirm=true; for the council’s tokens",
            {201: FILE, 202: LATER},
            query=imports_api_schemas.CareUpload,
            file_bytes=MAX_BYTES,
            headers={"Content-Disposition": "the file's name: attachment; filename=care.csv"},
            problems=(409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.CHANGE_CARE,),
        )
    )
    def upload_care_file(query: Row, content: BinaryIO, seed: uuid.UUID | None) -> Response:
        _, options = parse_options_header(request.headers.get("Content-Disposition", ""))
        found = imports.send_care_file(
            the_parts(),
            caller(),
            matching(),
            content,
            import_id=seed or uuid.uuid4(),
            file_name=plain_name(options.get("filename", "") or "care.csv"),
            confirms_itself=query["confirm"],
        )
        return answer_file(found, 202 if found["state"] in imports.WORKING_STATES else 201)

    @api.get(ONE_FILE)
    @operation(
        Operation(
            "Look at a care file",
            {200: FILE},
            query=asked.ErrorsPage,
            problems=(404,),
            needs=(rights.CHANGE_CARE,),
        )
    )
    def care_file(import_id: uuid.UUID, query: Row) -> Response:
        place = place_of(query.get("cursor"), int)
        found = matching().care_check(import_id=str(import_id))
        return answer_file(found, 200, after=place[0] if place else 0, limit=query["limit"])

    @api.post(f"{ONE_FILE}/confirm")
    @operation(
        Operation(
            "Import a checked care file; say which check you saw",
            {201: FILE, 202: LATER},
            query=asked.NoQuery,
            json_body=imports_api_schemas.CareConfirmation,
            is_body_optional=True,
            headers={"If-Match": "the file's ETag, in place of check_version"},
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.CHANGE_CARE,),
        )
    )
    def confirm_care_file(import_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
        version = body["check_version"] if body["check_version"] is not None else version_seen()
        if version is None:
            raise Refused("check_again", "Say in check_version or If-Match which check you saw.")
        found = imports.confirm_care_file(matching(), str(import_id), check_version=version)
        if found["state"] == "checked":
            details = {"counts": found["counts"], "check_version": found["check_version"]}
            raise Refused("check_again", imports.CHANGED_MEANWHILE, details)
        return answer_file(found, 202 if found["state"] in imports.WORKING_STATES else 201)

    @api.delete(ONE_FILE)
    @operation(
        Operation(
            "Drop a checked care file",
            {200: FILE},
            query=asked.NoQuery,
            problems=(404, 409),
            needs=(rights.CHANGE_CARE,),
        )
    )
    def cancel_care_file(import_id: uuid.UUID, query: Row) -> Response:
        return answer_file(matching().cancel_care(import_id=str(import_id)), 200)

    @api.get(f"{ONE_FILE}/rejected.csv")
    @operation(
        Operation(
            "The rejected rows with their reasons, to correct and send again",
            {200: Answer("The columns of the file and Reasons", media_type="text/csv")},
            query=asked.NoQuery,
            problems=(404,),
            needs=(rights.CHANGE_CARE,),
        )
    )
    def rejected_care(import_id: uuid.UUID, query: Row) -> Response:
        found = matching().care_check(import_id=str(import_id))
        if found["rejected_key"] is None:
            raise Refused("not_found", "No row of this file was rejected.")
        return download(read_kept(found["rejected_key"]), imports.name_of_rejected(found), CSV)

    @api.put("/care-package-line-items/<int:cpli_id>")
    @operation(
        Operation(
            "Say what one care package line item is; its cells are those of a care file, under the same rules",
            {201: FILE, 202: LATER},
            query=asked.NoQuery,
            json_body=imports_api_schemas.CareCells,
            problems=(409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.CHANGE_CARE,),
        )
    )
    def put_line_item(cpli_id: int, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
        found = imports.send_care_file(
            the_parts(),
            caller(),
            matching(),
            one_row({"CpliId": str(cpli_id)} | body),
            import_id=seed or uuid.uuid4(),
            file_name=f"line item {cpli_id}",
            confirms_itself=True,
        )
        if found["counts"] and found["counts"]["rejected"]:
            errors = matching().care_errors(import_id=found["id"], after=0, limit=ERRORS_SHOWN)
            raise Refused(
                "rejected", "The line item was rejected: correct what is wrong.", {"errors": errors}
            )
        tell(outcome=", ".join(name for name, count in (found["counts"] or {}).items() if count) or None)
        return answer_file(found, 202 if found["state"] in imports.WORKING_STATES else 201)


def one_row(cells: dict[str, str]) -> bytes:
    """A care file of one row; what is not said is empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS, restval="")
    writer.writeheader()
    writer.writerow(cells)
    return text.getvalue().encode()


def answer_file(found: CareCheck, status: int, *, after: int = 0, limit: int = ERRORS_SHOWN) -> Response:
    """The document; which check it shows is its ETag, further errors are behind Link."""
    place = url_for("api.care_file", import_id=found["id"])
    headers = {"ETag": f'"{found["check_version"]}"'}
    if status != 200:
        headers["Location"] = place
    errors: list[CareFault] = matching().care_errors(import_id=found["id"], after=after, limit=limit + 1)
    if len(errors) > limit:
        errors = errors[:limit]
        headers["Link"] = f'<{place}?cursor={cursor_of(errors[-1]["position"])}&limit={limit}>; rel="next"'
    document = {**found, "errors": errors, "notes": found["notes"] or [], "changes": found["changes"] or []}
    return answered(imports_api_schemas.CareFile, document, status, headers)
