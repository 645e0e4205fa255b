"""/api/v1/attachments: files for messages of cases, sent before them; and those of cases, for the two sides alone."""

from __future__ import annotations

import uuid
from typing import BinaryIO

from flask import Blueprint, Response
from marshmallow import Schema, fields

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases import attachments
from services.portal.casework.cases.api import Query
from services.portal.casework.cases.rules import HINT, MOST_BYTES, fault_of, plain_name
from services.portal.clients.gateway import Gateway
from services.portal.web.access import the_parts
from services.portal.web.calls import disputes

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
    api.post("/attachments")(send_attachment)
    api.get("/attachments/<uuid:attachment_id>")(attachment)


@operation(
    Operation(
        f"Send a file, to be attached to messages. {HINT}",
        {201: Answer("The word that stands for it", SentFile)},
        query=NewFile,
        file_bytes=MOST_BYTES,
        file_types=FILE_TYPES,
        problems=(413, 415, 422),
        needs=(rights.ANSWER_CASEWORK, rights.OPEN_OWN_CASES, rights.RAISE_CONCERNS, rights.ANSWER_NOTICES),
    )
)
def send_attachment(query: Query, content: BinaryIO) -> Response:
    sent = content.read()
    name = plain_name(query["name"])
    fault = fault_of(name, sent)
    if fault is not None:
        raise Refused("file_refused", f"{fault}.")
    (found,) = attachments.store_files(the_parts(), caller(), uuid.uuid4(), [(name, sent)])
    word = attachments.keep(the_parts(), caller(), found)
    return answered(SentFile, {**found, "attachment": word}, 201)


@operation(
    Operation(
        "The file of a message",
        {200: Answer("Its bytes, as they were sent", media_type="application/octet-stream")},
        query=asked.NoQuery,
        problems=(404,),
        needs=(rights.READ_CASEWORK,),
    )
)
def attachment(attachment_id: uuid.UUID, query: Query) -> Response:
    return attachments.send_along(disputes().attachment(attachment_id=attachment_id))
