"""Two transactions at once, held open: the first has written and not committed when the second comes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.process.database import Sessions
from tests.support.run.waiting import wait_until

Step = Callable[[Session], Any]


class Other(threading.Thread):
    """A second transaction in a thread of its own."""

    def __init__(self, sessions: Sessions, step: Step) -> None:
        super().__init__()
        self._sessions, self._step = sessions, step
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            with self._sessions.begin() as session:
                self._step(session)
        except UniqueViolation as error:
            self.error = error

    def ends(self) -> None:
        """Wait until it has ended; whatever it raised is raised here."""
        self.join(20)
        assert not self.is_alive()
        if self.error:
            raise self.error


def is_waiting(sessions: Sessions) -> bool:
    """Whether a session of this database waits for what an uncommitted transaction holds, which itself does nothing.

    A wait alone says too little: one for a table to grow is over in a moment, whoever else is at work.
    """
    query = (
        "SELECT count(*) FROM pg_stat_activity waiting JOIN pg_stat_activity holding"
        " ON holding.pid = ANY (pg_blocking_pids(waiting.pid)) AND holding.state = 'idle in transaction'"
        " WHERE waiting.datname = current_database() AND waiting.wait_event_type = 'Lock'"
    )
    with sessions.begin() as session:
        return bool(session.scalar(text(query)))


@contextmanager
def while_uncommitted(sessions: Sessions, first: Step) -> Iterator[None]:
    """The block runs while the first transaction has done its work and not committed."""
    with sessions.begin() as session:
        first(session)
        yield


def in_turn(sessions: Sessions, first: Step, second: Step) -> None:
    """The second comes while the first is uncommitted, and waits for it."""
    with while_uncommitted(sessions, first):
        other = Other(sessions, second)
        wait_until(lambda: is_waiting(sessions) or not other.is_alive())
        assert other.is_alive(), "the second did not wait for the first"
    other.ends()
