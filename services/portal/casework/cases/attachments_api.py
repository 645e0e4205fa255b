"""/api/v1/attachments: files for messages of cases, sent before them; and those of cases, for the two sides alone."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response
from marshmallow import Schema, fields

from libs.common.errors import Refused
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases import attachments
from services.portal.casework.cases.rules import HINT, MOST_BYTES, fault_of, plain_name
from services.portal.clients.gateway import Gateway
from services.portal.web.access import the_parts

FILE_TYPES = ("application/octet-stream",)


class NewFile(asked.Asked):
    """What the file is called: its ending says what it is, and its content must be that."""

    name = asked.text_of(200, required=True)


class SentFile(Schema):
    """`attachment`: the word to name in `attachments` of messages."""

    attachment = fields.String(required=True)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    size_bytes = fields.Integer(required=True)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.post("/attachments")
    @operation(
        Operation(
            f"Send a file, to be attached to messages. {HINT}",
            {201: Answer("The word that stands for it", SentFile)},
            query=NewFile,
            file_bytes=MOST_BYTES,
            file_types=FILE_TYPES,
            problems=(413, 415, 422),
        )
    )
    def send_attachment(query: dict[str, Any], content: bytes) -> Response:
        name = plain_name(query["name"])
        fault = fault_of(name, content)
        if fault is not None:
            raise Refused("file_refused", f"{fault}.")
        (found,) = attachments.stored(uuid.uuid4(), [(name, content)])
        word = attachments.sealed(the_parts(), caller(), found)
        return answered(SentFile, found | {"attachment": word}, 201)

    @api.get("/attachments/<uuid:attachment_id>")
    @operation(
        Operation(
            "The file of a message",
            {200: Answer("Its bytes, as they were sent", media_type="application/octet-stream")},
            query=asked.NoQuery,
            problems=(404,),
        )
    )
    def attachment(attachment_id: uuid.UUID, query: dict[str, Any]) -> Response:
        found = gateway.ask("disputes", "attachment", caller(), attachment_id=str(attachment_id))
        return attachments.taken_along(found)
