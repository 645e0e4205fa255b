"""Attachments of cases, for the two sides alone: taken along, never shown or run in the browser."""

from __future__ import annotations

import uuid

from flask import Blueprint
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.casework.cases.attachments import send_along
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes

pages = Blueprint("attachments", __name__, url_prefix="/attachments")


@pages.get("/<uuid:attachment_id>")
@signed_in(rights.READ_CASEWORK)
def one(attachment_id: uuid.UUID) -> ResponseReturnValue:
    return send_along(disputes().attachment(attachment_id=attachment_id))
