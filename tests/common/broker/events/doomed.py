"""Processes that end badly: `python -m tests.common.broker.events.doomed relay|consumers|worker DATABASE_URL AMQP_URL`.

relay     is killed after it has sent a batch and before it deletes the rows
consumers are killed by the message number 13, each followed by the next, until their group is killed
worker    is a well-behaved worker of matching, for tests that kill it themselves
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from libs.common.messaging.messages import Message
from libs.common.messaging.relay import Relay
from libs.common.messaging.worker import Consumer, run_worker
from libs.common.process.database import engine
from tests.common.broker.events.stage import REMATCH, note

DEADLY = 13


class _DiesBeforeDeleting(Relay):
    def _delete(self, *_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def _note_or_die(session: Session, message: Message) -> None:
    if message.body["number"] == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    note(session, message)


def _one_after_the_other(run: Callable[[], None]) -> None:
    """Each in a process of its own, forked so that it need not load everything anew."""
    while child := os.fork():
        os.waitpid(child, 0)
    run()


def main(role: str, database_url: str, amqp_url: str) -> None:
    sessions = sessionmaker(engine(database_url, "matching"), info={"schema": "matching"})
    if role == "relay":
        _DiesBeforeDeleting(database_url, amqp_url, "matching").run(threading.Event())
    elif role == "consumers":
        _one_after_the_other(
            lambda: Consumer(REMATCH, _note_or_die, sessions, amqp_url).run(threading.Event())
        )
    else:
        handlers = {"rematch_wanted": note}
        run_worker("matching", handlers, sessions=sessions, amqp_url=amqp_url, database_url=database_url)


if __name__ == "__main__":
    main(*sys.argv[1:])
