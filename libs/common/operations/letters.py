"""Hearing of dead letters: every service is told of each, whoever buried it, a consumer or the broker itself.

The exchange of the dead letters hands a copy to a queue of each service. The service whose message it was counts it
as buried; the service whose job died with it ends the job with a stated failure, whichever service it died in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.orm import Session

from libs.common.messaging.failures import Verdict, judge
from libs.common.messaging.link import Delivery
from libs.common.messaging.listener import Listener, Sessions
from libs.common.messaging.topology import letters_queue, parts_of
from libs.common.operations.buried import note_buried
from libs.common.operations.dead_letters import DeadLetter, letter_of

_log = structlog.get_logger(__name__)

OnLetter = Callable[[Session, DeadLetter], object]
"""What a service does when a message of any service died; it does nothing twice."""

ATTEMPTS = 4
PAUSE_SECONDS = 2.0


def nothing_more(session: Session, letter: DeadLetter) -> None:
    """For a service without jobs."""


def body_of(letter: DeadLetter) -> dict[str, Any]:
    """What the letter says, as far as it can be read: it may have died of being unreadable."""
    try:
        body = json.loads(letter.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


class LetterConsumer(Listener):
    """Hears of dead letters for one service. What it can't note is logged and left: the letter itself stays."""

    def __init__(self, service: str, on_letter: OnLetter, sessions: Sessions, amqp_url: str) -> None:
        super().__init__(letters_queue(service), sessions, amqp_url)
        self._on_letter = on_letter

    def _take(self, delivery: Delivery) -> None:
        letter = letter_of(delivery.properties, delivery.body)
        attempts = 0
        while error := self._noted(letter):
            _log.warning("letter_not_noted", message_id=letter.id, exc_info=error)
            if judge(error) is Verdict.WAIT:
                if not self._await_database(delivery):
                    return
            elif self._stop.wait(PAUSE_SECONDS) or not self._link.is_current(delivery):
                return  # it comes again
            elif judge(error) is not Verdict.HELD_UP and (attempts := attempts + 1) == ATTEMPTS:
                break
        self._link.acknowledge(delivery)

    def _noted(self, letter: DeadLetter) -> Exception | None:
        try:
            with self._sessions() as session, session.begin():
                note_letter(session, self._service, letter)
                self._on_letter(session, letter)
        except Exception as error:  # the edge of a handler
            return error
        return None


def note_letter(session: Session, service: str, letter: DeadLetter) -> None:
    """Count a letter as buried if it was this service's, under the event of the queue that it came from."""
    try:
        hearer, event, _ = parts_of(letter.queue)
    except ValueError:
        return
    if hearer == service:
        note_buried(session, replace(letter, event=event))
