"""What a worker does soon, though nobody waits for it: steps every other second, as long as they find something to do."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.process.database import TIDYING, Sessions, be_patient

PAUSE_SECONDS = 2.0
_log = structlog.get_logger(__name__)

BackgroundStep = Callable[[Session, dt.datetime], int]
"""Does a short piece of its work in a session, at a moment; how much, and 0 when there is nothing to do."""


class Background:
    """Runs steps, each piece in a transaction of its own, until asked to stop."""

    def __init__(
        self, sessions: Sessions, steps: Sequence[BackgroundStep], pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        self._sessions = sessions
        self._steps = tuple(steps)
        self._pause_seconds = pause_seconds

    def run(self, stop: threading.Event) -> None:
        """Until ``stop`` is set."""
        while not stop.wait(self._pause_seconds):
            for step in self._steps:
                self.do_all(step, stop)

    def do_all(self, step: BackgroundStep, stop: threading.Event) -> None:
        """Piece after piece of a step, by the database's clock. One that fails is logged, and tried after the pause."""
        try:
            while not stop.is_set() and self._done(step):
                pass
        except Exception as error:  # the edge of a step: nobody else hears of it
            _log.warning("background_step_failed", step=step.__name__, error=type(error).__name__)

    def _done(self, step: BackgroundStep) -> int:
        with self._sessions.begin() as session:
            be_patient(session, TIDYING)
            return step(session, session.scalar(text("SELECT now()")))
