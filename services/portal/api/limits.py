"""How often a token may ask: a bucket for each, in memory that stays bounded.

The portal is one process with threads, so one memory counts all. Of several copies of it each
counts for itself: the limit protects a process from being asked too much, and is no promise about the whole.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from libs.common.errors import Refused

REQUESTS_PER_MINUTE = 600
BURST = 120
TOKENS_REMEMBERED = 10_000


class RateLimit:
    """Each asker may ask ``burst`` times at once, and ``per_minute`` times a minute in the long run."""

    def __init__(self, per_minute: float = REQUESTS_PER_MINUTE, burst: float = BURST) -> None:
        self._per_second = per_minute / 60
        self._burst = burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, asker: str, now: float | None = None) -> None:
        """Count one request at this moment (seconds). Raises Refused ``too_many_requests``."""
        now = time.monotonic() if now is None else now
        with self._lock:
            left, then = self._left.pop(asker, (self._burst, now))
            left = min(self._burst, left + (now - then) * self._per_second)
            self._left[asker] = (max(left - 1, 0.0) if left >= 1 else left, now)
            while len(self._left) > TOKENS_REMEMBERED:
                self._left.popitem(last=False)
        if left < 1:
            raise Refused(
                "too_many_requests", "Too many requests with this token: wait some seconds and go on slower."
            )
