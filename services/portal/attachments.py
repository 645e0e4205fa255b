"""Files that are sent with a message: checked by content, then stored; services are told where they lie."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import FileStorage

from libs.common.objects import write_object
from services.portal.rules_attachments import fault_of, plain_name, type_of

Attached = dict[str, Any]
"""{"attachment_id", "name", "content_type", "size_bytes", "sha256", "object_key"}, as services keep it."""


def read(files: Iterable[FileStorage]) -> list[tuple[str, bytes]]:
    """The files that were chosen, by name; browsers send an empty one where none was."""
    return [(plain_name(file.filename), file.read()) for file in files if file.filename]


def faults(files: Iterable[tuple[str, bytes]]) -> list[str]:
    """What is wrong with them: sentences for the sender."""
    return [fault for name, content in files if (fault := fault_of(name, content)) is not None]


def stored(message_id: uuid.UUID, files: Iterable[tuple[str, bytes]]) -> list[Attached]:
    """Put files without a fault into the object store.

    Their ids follow from the message's: a form that is sent twice stores them once.
    """
    found = []
    for number, (name, content) in enumerate(files):
        digest = hashlib.sha256(content).hexdigest()
        attachment_id = uuid.uuid5(message_id, f"{number} {digest}")
        key = f"attachments/{attachment_id}"
        write_object(key, content)
        found.append(
            {
                "attachment_id": str(attachment_id),
                "name": name,
                "content_type": type_of(name, content),
                "size_bytes": len(content),
                "sha256": digest,
                "object_key": key,
            }
        )
    return found
