"""Files of actuals as jobs of ingest, and waiting for the care by which actuals are planned."""

from __future__ import annotations

import time
import uuid
from typing import Final

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.files.objects import Content
from libs.common.rpc import SYSTEM, Caller
from libs.common.seams.ingest.actuals import ActualsFileDocument
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.storage.steps import keep_upload, read_kept
from services.portal.visits.files.jobs import (
    ENDED,
    JOB_SECONDS,
    LISTS_SECONDS,
    POLL_SECONDS,
    follow,
    is_applied,
)
from services.portal.web.access import the_parts

CARE_EVENT: Final = "care_changed"


def await_care(gateway: Gateway) -> None:
    """Wait until ingest has heard all that care said until now, for as long as a person would."""
    until = time.monotonic() + LISTS_SECONDS
    while not has_heard_care(gateway) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)


def has_heard_care(gateway: Gateway) -> bool:
    """Whether ingest has heard all that matching said of care; True too while that can't be known."""
    try:
        heard = IngestClient(gateway, SYSTEM, is_quick=True).progress()
        said = MatchingClient(gateway, SYSTEM, is_quick=True).progress()["emitted"].get(CARE_EVENT, 0)
    except (Refused, ServiceUnavailable):
        return True
    return heard["received"].get(CARE_EVENT, 0) + heard["buried"].get(CARE_EVENT, 0) >= said


def send_actuals_file(
    gateway: Gateway,
    caller: Caller,
    content: Content,
    *,
    file_id: uuid.UUID,
    file_name: str,
    organisation: str | None,
    confirms_itself: bool = False,
) -> ActualsFileDocument:
    """Have a file of actuals checked, and applied too when it confirms itself; its document as it then is.

    Sending the same ``file_id`` again changes nothing. Raises Refused and ServiceUnavailable.
    """
    until = time.monotonic() + JOB_SECONDS
    key = f"actuals-files/{file_id}.csv"
    keep_upload(the_parts(), caller, key, content)
    await_care(gateway)
    ingest = IngestClient(gateway, caller)
    found = ingest.send_actuals_file(
        file_id=str(file_id),
        organisation=organisation,
        file_name=file_name,
        object_key=key,
        confirms_itself=confirms_itself,
    )
    return follow(
        found,
        lambda: ingest.actuals_file(file_id=found["id"]),
        is_applied if confirms_itself else is_checked,
        until,
    )


def confirm_actuals_file(
    ingest: IngestClient, file_id: str, *, check_version: int | None, accepts_changes: bool
) -> ActualsFileDocument:
    """Have a checked file applied. Raises Refused ``check_again`` with the document when the check was another."""
    found = ingest.confirm_actuals_file(
        file_id=file_id, check_version=check_version, accepts_changes=accepts_changes
    )
    return follow(
        found,
        lambda: ingest.actuals_file(file_id=file_id),
        lambda document: document["state"] != "applying",
    )


def is_checked(document: ActualsFileDocument) -> bool:
    """Whether a check is done."""
    return document["state"] in (*ENDED, "checked")


def find_rejected_rows(ingest: IngestClient, file_id: str) -> bytes | None:
    """The rejected rows of a file as CSV; None when no row was rejected. Raises Refused ``not_found``."""
    key = ingest.actuals_file(file_id=file_id)["rejected_key"]
    return None if key is None else read_kept(key)
