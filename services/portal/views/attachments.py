"""Attachments of cases, for the two sides alone: taken along, never shown or run in the browser."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from libs.common.objects import read_object
from services.portal.access import signed_in
from services.portal.views.asking import READERS, ask

pages = Blueprint("attachments", __name__, url_prefix="/attachments")


@pages.get("/<uuid:attachment_id>")
@signed_in(*READERS)
def one(attachment_id: uuid.UUID) -> ResponseReturnValue:
    found = ask("disputes", "attachment", attachment_id=str(attachment_id))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found['name'], safe='')}",
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
    }
    # whatever it is, the browser is to keep it and not to open it
    return Response(read_object(found["object_key"]), 200, headers, content_type="application/octet-stream")
