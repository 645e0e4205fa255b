"""Outbox, received and progress in the transactions that they belong to."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from libs.common.messaging.messages import BadMessage, Message
from libs.common.messaging.outbox import (
    emit,
    emit_many,
    emit_public,
    forget_received,
    messaging_tables,
    receive,
)
from libs.common.messaging.progress import Progress, progress_of
from libs.common.process.database import engine

BODY: dict[str, Any] = {"file_id": "5e0f5a0c-0000-4000-8000-000000000001"}
CAUSE = "5e0f5a0c-0000-4000-8000-00000000000c"


@pytest.fixture
def sessions(database: Callable[[], str]) -> Iterator[sessionmaker[Session]]:
    bind = engine(database(), "ingest")
    metadata = sa.MetaData(schema="ingest")
    messaging_tables(metadata)
    with bind.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA ingest"))
        metadata.create_all(connection)
    yield sessionmaker(bind, info={"schema": "ingest"})
    bind.dispose()


def a_message(event: str = "check_wanted", cause_id: str = CAUSE) -> Message:
    return Message(str(uuid.uuid4()), event, cause_id, BODY, "bulk")


def _progress(sessions: sessionmaker[Session], cause_id: str | None = CAUSE) -> Progress:
    with sessions() as session:
        return progress_of(session, cause_id)


def _outbox(sessions: sessionmaker[Session]) -> list[Any]:
    with sessions() as session:
        return list(session.execute(sa.text("SELECT event, routing_key, lane, body FROM outbox ORDER BY id")))


def test_what_is_emitted_and_received_is_counted_with_the_commit(sessions: sessionmaker[Session]) -> None:
    for _ in range(2):
        with sessions() as session, session.begin():
            assert receive(session, a_message())
            emit(session, "apply_wanted", BODY, cause_id=CAUSE, lane="single")
            emit_many(session, "check_wanted", [BODY, "{}"], cause_id=CAUSE)
    assert _progress(sessions) == Progress(
        {"apply_wanted": 2, "check_wanted": 4}, {"apply_wanted": 0, "check_wanted": 2}, {}, {}
    )
    assert _progress(sessions, str(uuid.uuid4())) == Progress({}, {}, {}, {})
    assert _progress(sessions, None).emitted == {"apply_wanted": 2, "check_wanted": 4}
    assert [tuple(row)[:3] for row in _outbox(sessions)][:2] == [
        ("apply_wanted", "apply_wanted.single", 0),
        ("check_wanted", "check_wanted.bulk", 1),
    ]


def test_what_is_rolled_back_is_neither_said_nor_counted(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        emit(session, "apply_wanted", BODY, cause_id=CAUSE)
        session.rollback()
        emit(session, "check_wanted", BODY, cause_id=CAUSE)
        session.commit()
        emit(session, "check_wanted", BODY, cause_id=CAUSE)  # closed without a commit
    with sessions() as session:
        session.commit()
    assert _progress(sessions).emitted == {"check_wanted": 1}
    assert len(_outbox(sessions)) == 1


def test_what_is_rolled_back_to_a_savepoint_is_neither_said_nor_counted(
    sessions: sessionmaker[Session],
) -> None:
    with sessions() as session, session.begin():
        emit(session, "check_wanted", BODY, cause_id=CAUSE)
        with session.begin_nested() as savepoint:
            emit(session, "check_wanted", BODY, cause_id=CAUSE)
            savepoint.rollback()
        with session.begin_nested():
            emit(session, "apply_wanted", BODY, cause_id=CAUSE)
    assert _progress(sessions).emitted == {"check_wanted": 1, "apply_wanted": 1}
    assert len(_outbox(sessions)) == 2


def test_a_message_is_received_once(sessions: sessionmaker[Session]) -> None:
    message = a_message()
    with sessions() as session, session.begin():
        assert receive(session, message)
    with sessions() as session, session.begin():
        assert not receive(session, message)
    assert _progress(sessions).received == {"check_wanted": 1}


def test_handlers_of_one_cause_do_not_wait_for_each_other(sessions: sessionmaker[Session]) -> None:
    # Both have received and emitted, in opposite orders, before either commits: had they updated the
    # progress of their cause on the way, the second would wait for the first for ever.
    events = ("check_wanted", "apply_wanted")
    both_done = threading.Barrier(2, timeout=30)
    failures: list[Exception] = []

    def handle(order: tuple[str, ...]) -> None:
        try:
            with sessions() as session, session.begin():
                for event in order:
                    receive(session, a_message(event))
                    emit(session, event, BODY, cause_id=CAUSE)
                both_done.wait()
        except (sa.exc.DBAPIError, threading.BrokenBarrierError) as error:
            failures.append(error)

    threads = [threading.Thread(target=handle, args=(order,)) for order in (events, events[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failures == []
    assert _progress(sessions).received == {"check_wanted": 2, "apply_wanted": 2}


def test_what_cannot_be_heard_is_refused_where_it_is_said(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, session.begin():
        with pytest.raises(ValueError, match="no event"):
            emit(session, "weather_changed", {}, cause_id=CAUSE)
        with pytest.raises(ValueError, match="no lane"):
            emit(session, "check_wanted", BODY, cause_id=CAUSE, lane="fast")
        with pytest.raises(BadMessage):
            emit(session, "check_wanted", {}, cause_id=CAUSE)
    assert _outbox(sessions) == []


def test_bodies_of_any_text_are_kept_as_they_are(sessions: sessionmaker[Session]) -> None:
    odd = 'a\tb\\n\n"c" \\N Siân 🌻 \x00'
    with sessions() as session, session.begin():
        emit(session, "check_wanted", {**BODY, "odd": odd}, cause_id=CAUSE)
        emit_public(session, [("charge.posted.v1", str(uuid.uuid4()), '{"a":"\\\\N"}', None)], CAUSE)
    assert json.loads(_outbox(sessions)[0].body)["odd"] == odd
    assert _outbox(sessions)[1].body == '{"a":"\\\\N"}'
    assert _progress(sessions, None).emitted == {"check_wanted": 1}


def test_old_received_ids_are_forgotten(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, session.begin():
        receive(session, a_message())
        receive(session, a_message())
    with sessions() as session, session.begin():
        assert forget_received(session, datetime.now(UTC) - timedelta(days=1)) == 0
        assert forget_received(session, datetime.now(UTC) + timedelta(days=1)) == 2


def test_a_session_that_does_not_say_its_schema_uses_the_search_path(sessions: sessionmaker[Session]) -> None:
    plain = sessionmaker(sessions.kw["bind"])
    with plain() as session, session.begin():
        receive(session, a_message())
        emit(session, "check_wanted", BODY, cause_id=CAUSE)
    assert _progress(plain) == Progress({"check_wanted": 1}, {"check_wanted": 1}, {}, {})
