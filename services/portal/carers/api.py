"""/api/v1/carers-files: a provider's carers, whom visits may then name."""

from __future__ import annotations

import uuid
from typing import Any, BinaryIO

from flask import Blueprint, Response

from libs.common.files.csv_files import MAX_CARERS_BYTES
from libs.common.rights import names as rights
from services.portal.api import asked, schemas
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.storage.steps import keep_upload
from services.portal.visits.files import jobs
from services.portal.web.access import the_parts
from services.portal.web.calls import ingest


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the route."""

    @api.post("/carers-files")
    @operation(
        Operation(
            "Send a carers file: CarerRef, Forename, Surname",
            {
                200: Answer("What its rows would do (`preview`)", schemas.CarersFile),
                201: Answer("What became of its rows", schemas.CarersFile),
            },
            query=asked.CarersUpload,
            file_bytes=MAX_CARERS_BYTES,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.SEND_CARERS,),
        )
    )
    def upload_carers_file(query: dict[str, Any], content: BinaryIO, seed: uuid.UUID | None) -> Response:
        key = f"carers-files/{seed or uuid.uuid4()}.csv"
        keep_upload(the_parts(), caller(), key, content)
        jobs.await_lists(gateway)
        organisation = query.get("organisation")
        if query["preview"]:
            would_do = ingest().check_carers_file(object_key=key, organisation=organisation)
            return answered(schemas.CarersFile, would_do, 200)
        done = ingest().send_carers_file(object_key=key, organisation=organisation)
        return answered(schemas.CarersFile, done, 201)
