"""Care files as jobs of matching: sent, confirmed, and followed for as long as a person would wait (RULES 2)."""

from __future__ import annotations

import uuid

from libs.common.files.objects import write_object
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.visits.jobs import Document, awaited

WORKING_STATES = ("checking", "importing")


def send_care_file(
    gateway: Gateway, caller: Caller, content: bytes, *, import_id: uuid.UUID, file_name: str
) -> Document:
    """Have a care file checked; its check as it then is. Sending the same id again changes nothing."""
    key = f"care-files/{import_id}.csv"
    write_object(key, content)
    facts = {"import_id": str(import_id), "object_key": key, "file_name": file_name}
    return followed(gateway, caller, gateway.ask("matching", "check_care", caller, **facts))


def confirm_care_file(gateway: Gateway, caller: Caller, import_id: str, *, check_version: int) -> Document:
    """Have a checked care file imported. Raises Refused ``check_again`` when the newest check is another."""
    facts = {"import_id": import_id, "check_version": check_version}
    return followed(gateway, caller, gateway.ask("matching", "confirm_care", caller, **facts))


def followed(gateway: Gateway, caller: Caller, found: Document) -> Document:
    """The newest check, as soon as nothing is being done with the file or a person has waited long enough."""
    return awaited(
        found,
        lambda: gateway.ask("matching", "care_check", caller, import_id=found["id"]),
        lambda document: document["state"] not in WORKING_STATES,
    )
