"""Where a list goes on: text that callers hand back as they got it."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import uuid
from typing import Any, Final

from libs.common.errors import Refused

NO_CURSOR: Final = ("bad_query", "The cursor is not one of this list: begin again without it.")


def cursor_of(*place: Any) -> str:
    """The cursor of a place in a list."""
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def place_of(cursor: str | None, *kinds: type) -> list[Any] | None:
    """The place that a cursor stands for, its parts of these types; None without one.

    Raises Refused ``bad_query`` for text that is no cursor of such a list.
    """
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        place = None
    if (
        not isinstance(place, list)
        or len(place) != len(kinds)
        or not all(type(part) is kind for part, kind in zip(place, kinds, strict=True))
        or any(isinstance(part, int) and not -1 <= part < 2**63 for part in place)
        or any(isinstance(part, str) and ("\0" in part or not part.isprintable()) for part in place)
    ):
        raise Refused(*NO_CURSOR)
    return place


def moment_and_id(cursor: str | None) -> tuple[dt.datetime, uuid.UUID] | None:
    """The place in a list that goes by moments and ids; None without a cursor. Raises Refused ``bad_query``."""
    place = place_of(cursor, str, str)
    if place is None:
        return None
    try:
        return dt.datetime.fromisoformat(place[0]), uuid.UUID(place[1])
    except ValueError:
        raise Refused(*NO_CURSOR) from None
