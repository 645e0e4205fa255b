"""What a worker throws away once an hour, and what it keeps; and what it does more often."""

import datetime as dt
import random

from sqlalchemy import text

from libs.common.process.housekeeping import TICKS_IN_AN_HOUR, Housekeeping, forget_old_messages
from services.ingest.worker import forget_staged
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery

LATER = "UPDATE visits_files SET confirmed_at = confirmed_at - interval '8 days'"


def count(council: Council, table: str) -> int:
    with council.sessions["ingest"].begin() as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_staged_rows_go_a_week_after_their_file_was_applied_and_its_visits_stay(
    idle_council: Council,
) -> None:
    council = idle_council
    Delivery(council, random.Random(0)).import_visits("Diamond Home Care Ltd", a_file(a_row()))
    housekeeping = Housekeeping(council.sessions["ingest"], (forget_staged,))
    housekeeping.tidy(forget_staged)
    assert count(council, "staged_visits") == 1
    with council.sessions["ingest"].begin() as session:
        session.execute(text(LATER))
    housekeeping.tidy(forget_staged)
    assert (count(council, "staged_visits"), count(council, "visits")) == (0, 1)


def test_ids_of_messages_are_forgotten_after_thirty_days(idle_council: Council) -> None:
    council = idle_council
    Delivery(council, random.Random(0)).import_visits("Diamond Home Care Ltd", a_file(a_row()))
    before = count(council, "received")
    assert before > 0
    with council.sessions["ingest"].begin() as session:
        session.execute(
            text("UPDATE received SET received_at = :then"), {"then": dt.datetime(2022, 1, 1, tzinfo=dt.UTC)}
        )
    Housekeeping(council.sessions["ingest"], ()).tidy(forget_old_messages)
    assert count(council, "received") == 0


def test_some_steps_are_done_at_every_tick_and_others_once_an_hour(idle_council: Council) -> None:
    def look(*_: object) -> int:
        return 0

    housekeeping = Housekeeping(idle_council.sessions["ingest"], (forget_staged,), (look,))
    assert housekeeping.steps_of(1) == (look,)
    assert housekeeping.steps_of(TICKS_IN_AN_HOUR) == (look, forget_old_messages, forget_staged)
    assert housekeeping.steps_of(TICKS_IN_AN_HOUR + 1) == (look,)
