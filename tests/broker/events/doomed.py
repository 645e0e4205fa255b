"""Processes that end badly: `python -m tests.broker.events.doomed relay|consumer|worker DATABASE_URL AMQP_URL`.

relay    is killed after it has sent a batch and before it deletes the rows
consumer is killed by the message number 13
worker   is a well-behaved worker of matching, for tests that kill it themselves
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from libs.common.consumers import Consumer, run_worker
from libs.common.database import engine
from libs.common.messages import Message
from libs.common.relay import Relay
from tests.broker.events.stage import REMATCH, note

DEADLY = 13


class _DiesBeforeDeleting(Relay):
    def _delete(self, *_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def _note_or_die(session: Session, message: Message) -> None:
    if message.body["number"] == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    note(session, message)


def main(role: str, database_url: str, amqp_url: str) -> None:
    sessions = sessionmaker(engine(database_url, "matching"), info={"schema": "matching"})
    if role == "relay":
        _DiesBeforeDeleting(database_url, amqp_url, "matching").run(threading.Event())
    elif role == "consumer":
        Consumer(REMATCH, _note_or_die, sessions, amqp_url).run(threading.Event())
    else:
        handlers = {"rematch_wanted": note}
        run_worker("matching", handlers, sessions=sessions, amqp_url=amqp_url, database_url=database_url)


if __name__ == "__main__":
    main(*sys.argv[1:])
