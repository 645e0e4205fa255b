"""What a worker throws away once an hour (docs/retention.md)."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from libs.common.messaging.outbox import forget_received
from libs.common.operations.buried import forget_heard_after_all
from libs.common.process.database import Sessions

PERIOD_SECONDS = 3600.0
AT_ONCE = 1_000
"""The most rows of a step that is bounded: whoever waits for one of them waits for a moment."""
# No message is under way for so long: dead letters are replayed or given up well before.
RECEIVED_DAYS = 30

Step = Callable[[Session, dt.datetime], int]
"""Does its work in a session, at a moment; how many rows. One that did AT_ONCE may have left some."""
_log = structlog.get_logger(__name__)


def forget_old_messages(session: Session, now: dt.datetime) -> int:
    """Forget the ids of messages heard long ago, and that any of these was buried before; how many ids."""
    forget_heard_after_all(session)
    return forget_received(session, now - dt.timedelta(days=RECEIVED_DAYS))


class Housekeeping:
    """Runs the steps once an hour, each in a transaction of its own, until asked to stop."""

    def __init__(self, sessions: Sessions, steps: Sequence[Step]) -> None:
        self._sessions = sessions
        self._steps = (forget_old_messages, *steps)

    def run(self, stop: threading.Event) -> None:
        """Until ``stop`` is set. A step that fails is logged and tried again an hour later."""
        while not stop.wait(PERIOD_SECONDS):
            for step in self._steps:
                self.tidy(step)

    def tidy(self, step: Step) -> None:
        """One step, by the database's clock; a bounded one again and again, until it leaves nothing."""
        try:
            while self._done(step) == AT_ONCE:
                pass
        except SQLAlchemyError as error:
            _log.warning("tidying_failed", step=step.__name__, error=type(error).__name__)

    def _done(self, step: Step) -> int:
        with self._sessions.begin() as session:
            count = step(session, session.scalar(text("SELECT now()")))
        _log.info("tidied", step=step.__name__, rows=count)
        return count
