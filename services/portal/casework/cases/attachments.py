"""Files that are sent with a message: checked by content, then stored; services are told where they lie."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from typing import Final, cast
from urllib.parse import quote

from flask import Response
from werkzeug.datastructures import FileStorage

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import SentAttachment, StoredFile
from services.portal.accounts.environment import Parts
from services.portal.casework.cases.rules import fault_of, plain_name, require_type
from services.portal.storage import handles
from services.portal.storage.steps import keep_upload, read_kept, require_kept

KIND: Final = "attachment"
GOOD_FOR: Final = dt.timedelta(days=7)
"""So long a file waits for its message."""
SANDBOX = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"


def read_files(files: Iterable[FileStorage]) -> list[tuple[str, bytes]]:
    """The files that were chosen, by name; browsers send an empty one where none was."""
    return [(plain_name(file.filename), file.read()) for file in files if file.filename]


def find_faults(files: Iterable[tuple[str, bytes]]) -> list[str]:
    """What is wrong with them: sentences for the sender."""
    return [fault for name, content in files if (fault := fault_of(name, content)) is not None]


def store_files(
    parts: Parts, caller: Caller, message_id: uuid.UUID, files: Iterable[tuple[str, bytes]]
) -> list[SentAttachment]:
    """Put files without a fault into the object store. Raises Refused ``storage_full`` and ``too_many_files``.

    Their ids follow from the message's: a form that is sent twice stores them once.
    """
    found: list[SentAttachment] = []
    for number, (name, content) in enumerate(files):
        digest = hashlib.sha256(content).hexdigest()
        attachment_id = uuid.uuid5(message_id, f"{number} {digest}")
        key = f"attachments/{attachment_id}"
        keep_upload(parts, caller, key, content)
        found.append(
            {
                "attachment_id": str(attachment_id),
                "name": name,
                "content_type": require_type(name, content),
                "size_bytes": len(content),
                "sha256": digest,
                "object_key": key,
            }
        )
    return found


def keep(parts: Parts, caller: Caller, attached: SentAttachment) -> str:
    """The word that stands for a stored file until a message takes it; good for its sender alone."""
    return handles.keep(parts, caller, KIND, attached, GOOD_FOR)


def named(parts: Parts, caller: Caller, words: Iterable[str], message_id: uuid.UUID) -> list[SentAttachment]:
    """The files that words stand for, as attachments of a message. Raises Refused ``no_such_file``."""
    found = [cast(SentAttachment, handles.find(parts, caller, KIND, word)) for word in words]
    if not all(found):
        raise Refused("no_such_file", "There is no such file: send it to /attachments first.")
    require_kept(parts, [one["object_key"] for one in found])
    # one file may go with several messages: each has its own attachment of it
    return [
        {**one, "attachment_id": str(uuid.uuid5(message_id, f"{number} {one['sha256']}"))}
        for number, one in enumerate(found)
    ]


def send_along(found: StoredFile) -> Response:
    """An attachment to be kept by the browser, and not opened, whatever it is."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found['name'], safe='')}",
        "Content-Security-Policy": SANDBOX,
    }
    return Response(read_kept(found["object_key"]), 200, headers, content_type="application/octet-stream")
