"""Telling the portal's evidence that somebody asked in another's name: it goes the way of what the command line did."""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import Any, Final

from libs.common.care.clock import now
from libs.common.messaging.topology import COMMANDS_QUEUE, EVENTS, parts_of, routing_key
from libs.common.seams.commands import Forged

MOST_A_MINUTE: Final = 60
"""So many are told: whoever sends thousands has said enough by then, and the log has the others."""


class Tellings:
    """Bounds how many are told."""

    def __init__(self, most: int = MOST_A_MINUTE) -> None:
        self._most, self._lock = most, threading.Lock()
        self._minute, self._count = -1, 0

    def may_tell(self, at: float | None = None) -> bool:
        minute = int((time.monotonic() if at is None else at) // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._count = minute, 0
            self._count += 1
            return self._count <= self._most


def forged(service: str, message: Any, why: str) -> Forged:
    """What is told of a request. user: whom the broker knows its sender as, where the sender says it."""
    return {
        "part": "forged",
        "action_id": str(uuid.uuid4()),
        "at": now().isoformat(),
        "service": service,
        "method": str(message.delivery_info.get("routing_key") or "")[:200],
        "user": _text(message.properties.get("user_id")),
        "signed_by": _text(message.headers.get("signed_by")),
        "why": why,
    }


def publish(producer: Any, said: Forged) -> None:
    """Say it by this producer of kombu's; the portal hears it when it is there."""
    _, event, lane = parts_of(COMMANDS_QUEUE)
    producer.publish(
        json.dumps(said, ensure_ascii=False).encode(),
        exchange=EVENTS,
        routing_key=routing_key(event, lane),
        content_type="application/json",
        content_encoding="utf-8",
        type=event,
        message_id=str(uuid.uuid4()),
        headers={"cause_id": said["action_id"]},
        delivery_mode=2,
    )


def _text(value: object) -> str | None:
    return str(value)[:200] if value else None
