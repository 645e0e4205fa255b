"""What a worker does by the clock: once an hour it throws away (docs/retention.md), every two minutes it looks."""

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from libs.common.messaging.outbox import forget_received
from libs.common.operations.buried import forget_discarded_bodies, forget_heard_after_all
from libs.common.process.database import TIDYING, Sessions, be_patient

TICK_SECONDS = 120.0
TICKS_IN_AN_HOUR = 30
AT_ONCE = 1_000
"""The most rows of a step that is bounded: whoever waits for one of them waits for a moment."""
# No message is under way for so long: dead letters are replayed or given up well before.
RECEIVED_DAYS = 30

Step = Callable[[Session, dt.datetime], int]
"""Does its work in a session, at a moment; how many rows. One that did AT_ONCE may have left some."""
_log = structlog.get_logger(__name__)


def forget_old_messages(session: Session, now: dt.datetime) -> int:
    """Forget the ids of messages heard long ago, that any of these was buried before, and what discarded ones said
    long ago; how many ids."""
    forget_heard_after_all(session)
    forget_discarded_bodies(session, now)
    return forget_received(session, now - dt.timedelta(days=RECEIVED_DAYS))


class Housekeeping:
    """Runs steps once an hour, and others every two minutes, each in a transaction of its own, until asked to stop."""

    def __init__(self, sessions: Sessions, steps: Sequence[Step], often: Sequence[Step] = ()) -> None:
        self._sessions = sessions
        self._steps = (forget_old_messages, *steps)
        self._often = tuple(often)

    def run(self, stop: threading.Event) -> None:
        """Until ``stop`` is set. A step that fails is logged and tried again when it is its turn."""
        for tick in itertools.count(1):
            if stop.wait(TICK_SECONDS):
                return
            for step in self.steps_of(tick):
                self.tidy(step)

    def steps_of(self, tick: int) -> tuple[Step, ...]:
        """The steps whose turn it is: at first after two minutes and after an hour."""
        return self._often if tick % TICKS_IN_AN_HOUR else (*self._often, *self._steps)

    def tidy(self, step: Step) -> None:
        """One step, by the database's clock; a bounded one again and again, until it leaves nothing."""
        try:
            while self._done(step) == AT_ONCE:
                pass
        except SQLAlchemyError as error:
            _log.warning("tidying_failed", step=step.__name__, error=type(error).__name__)

    def _done(self, step: Step) -> int:
        with self._sessions.begin() as session:
            be_patient(session, TIDYING)
            count = step(session, session.scalar(text("SELECT now()")))
        if count or step not in self._often:
            _log.info("tidied", step=step.__name__, rows=count)
        return count
