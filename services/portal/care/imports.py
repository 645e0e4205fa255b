"""Care files as jobs of matching: sent, confirmed, and followed for as long as a person would wait (RULES 2)."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import PurePath

from libs.common.care.clock import london_day
from libs.common.files.objects import Content
from libs.common.rpc import Caller
from libs.common.seams.matching.imports import CareCheck
from services.portal.accounts.environment import Parts
from services.portal.clients.matching import MatchingClient
from services.portal.storage.steps import keep_upload
from services.portal.visits.files.jobs import follow
from services.portal.web.downloads.files import file_name as file_name_of

WORKING_STATES = ("checking", "importing")
CHANGED_MEANWHILE = (
    "Nothing was updated: care changed after the check that you saw, so the file was checked again. "
    "Look at the new numbers."
)


def send_care_file(
    parts: Parts,
    caller: Caller,
    client: MatchingClient,
    content: Content,
    *,
    import_id: uuid.UUID,
    file_name: str,
    confirms_itself: bool = False,
) -> CareCheck:
    """Have a care file checked, or imported without a check that is shown first; how it then is.

    Sending the same id again changes nothing.
    """
    key = f"care-files/{import_id}.csv"
    keep_upload(parts, caller, key, content)
    ask = client.import_care if confirms_itself else client.check_care
    ask(import_id=str(import_id), object_key=key, file_name=file_name)
    return follow_care_file(client, client.care_check(import_id=str(import_id)))


def confirm_care_file(client: MatchingClient, import_id: str, *, check_version: int) -> CareCheck:
    """Have a checked care file imported. Raises Refused ``check_again`` when the newest check is another."""
    return follow_care_file(client, client.confirm_care(import_id=import_id, check_version=check_version))


def name_of_rejected(found: CareCheck) -> str:
    """What the file of a care file's rejected rows is called."""
    sent_on = london_day(dt.datetime.fromisoformat(found["imported_at"]))
    return file_name_of(f"rejected-rows-of-{PurePath(found['file_name']).stem}", "csv", as_at=sent_on)


def follow_care_file(client: MatchingClient, found: CareCheck) -> CareCheck:
    """The newest check, as soon as nothing is being done with the file or a person has waited long enough."""
    return follow(
        found,
        lambda: client.care_check(import_id=found["id"]),
        lambda document: document["state"] not in WORKING_STATES,
    )
