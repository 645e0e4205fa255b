"""The version that a request says it has seen: of a visit, or of a file's check."""

from __future__ import annotations

import re

from flask import request

_VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def version_seen() -> int | None:
    """The number of If-Match; None without one, or for any, and -1, which nothing has, for what is none of our ETags."""
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    match = _VERSION.fullmatch(header)
    return int(match[1]) if match else -1
