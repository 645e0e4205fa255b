"""What a worker does soon: piece after piece, each committed, and again after one that failed."""

import datetime as dt
import threading

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.process.background import Background
from tests.support.council.council import Council
from tests.support.run.waiting import wait_until

PIECES = 3


def test_a_step_is_done_piece_after_piece_until_it_finds_nothing(idle_council: Council) -> None:
    sessions = idle_council.sessions["matching"]

    def mark(session: Session, _: dt.datetime) -> int:
        count = session.scalar(text("SELECT count(*) FROM stale_weeks")) or 0
        if count == PIECES:
            return 0
        session.execute(
            text("INSERT INTO stale_weeks (organisation_id, monday) VALUES (gen_random_uuid(), '2022-10-03')")
        )
        return 1

    Background(sessions, (mark,)).do_all(mark, threading.Event())
    with sessions.begin() as session:
        moments = list(session.scalars(text("SELECT DISTINCT marked_at FROM stale_weeks")))
    assert len(moments) == PIECES  # a transaction each


def test_a_step_that_fails_is_tried_again_and_stops_no_other(idle_council: Council) -> None:
    stop = threading.Event()
    done: list[str] = []

    def fails(*_: object) -> int:
        done.append("fails")
        raise ZeroDivisionError

    def works(*_: object) -> int:
        done.append("works")
        return 0

    steps = Background(idle_council.sessions["matching"], (fails, works), pause_seconds=0.01)
    thread = threading.Thread(target=steps.run, args=(stop,))
    thread.start()
    try:
        wait_until(lambda: done.count("works") > 1)
    finally:
        stop.set()
        thread.join()
    assert done[:4] == ["fails", "works", "fails", "works"]
