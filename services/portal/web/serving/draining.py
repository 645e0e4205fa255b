"""What a browser still sends when its request is refused already.

Most browsers look for an answer when they have sent all: a connection that is closed before is an error to them, and
the page that says why is not seen.
"""

from __future__ import annotations

import time
from typing import Final

from flask import request
from werkzeug.wsgi import get_input_stream

MOST_BYTES: Final = 200_000_000
SECONDS: Final = 30.0
"""How much is read, and for how long: whoever sends more, or slowly, sees no answer."""
_CHUNK_BYTES: Final = 1 << 16


def read_to_the_end() -> None:
    """Read what is left of this request, and keep nothing of it."""
    stream, until, left = get_input_stream(request.environ), time.monotonic() + SECONDS, MOST_BYTES
    while left > 0 and time.monotonic() < until:
        content = stream.read(_CHUNK_BYTES)
        if not content:
            return
        left -= len(content)
