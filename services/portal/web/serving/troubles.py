"""What pages and API say of what can't be done just now, and what of a form is sent again as it was."""

from __future__ import annotations

from typing import Final, NamedTuple

from flask import request

from libs.common.errors import Why
from libs.common.process.troubles import trouble_of
from services.portal.web.coming_back.unsent import NEVER_KEPT


class Words(NamedTuple):
    """A page's heading and sentence, and the sentence of the API."""

    heading: str
    sentence: str
    api: str


WORDS: Final[dict[Why, Words]] = {
    "away": Words(
        "Part of Caretally is not answering",
        "Wait a moment and try again.",
        "Part of Caretally is not answering: wait a moment and send the same again.",
    ),
    "slow": Words(
        "Part of Caretally is not answering",
        "Wait a moment and try again. If you changed something, look first whether it was done.",
        "Part of Caretally is not answering in time: wait a moment and send the same again.",
    ),
    "held": Words(
        "Somebody else is working with the same just now",
        "Nothing was changed. Wait a moment and try again.",
        "Something else holds what this needs: nothing was changed, wait a moment and send the same again.",
    ),
    "full": Words(
        "There is no room to keep anything",
        "Nothing was changed. Tell whoever runs this system that a disk is full, and try again when there is room.",
        "A disk is full: nothing was changed. Whoever runs this system has to make room; then send the same again.",
    ),
    "blocked": Words(
        "Messages can\u2019t be passed on just now",
        "Tell whoever runs this system that the message broker is short of memory or disk. When it is mended, look"
        " first whether what you asked was done.",
        "The message broker is short of memory or disk, and takes no messages: send the same again later.",
    ),
}
NOTHING_DONE: Final = ("away", "held", "full")
"""Why nothing was done, so that the same may be sent again without a look."""
MOST_FIELDS: Final = 500
MOST_BYTES: Final = 200_000


def why_of(error: BaseException) -> Why:
    """Why it can't be done; what nobody knows better was too slow."""
    trouble = trouble_of(error)
    return trouble.why if trouble else "slow"


def sent_again(why: Why) -> list[tuple[str, str]] | None:
    """The fields of this request's form, where sending them once more is safe: nothing was done, and they hold neither
    a file nor a password. The form keeps its own ids, so that what was sent twice is done once."""
    if request.method != "POST" or why not in NOTHING_DONE or (request.content_length or 0) > MOST_BYTES:
        return None
    fields = list(request.form.items(multi=True))
    has_secrets = any(name in NEVER_KEPT - {"csrf_token"} for name, _ in fields)
    if not fields or has_secrets or any(file.filename for file in request.files.values()):
        return None
    return fields if len(fields) <= MOST_FIELDS else None


def has_files() -> bool:
    """Whether this request sent a file, which is not kept."""
    return request.method == "POST" and any(file.filename for file in request.files.values())
