"""Sessions give up what takes too long: a lock, a statement, a server that says nothing. All goes on afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
import sqlalchemy
import sqlalchemy.exc
from sqlalchemy import text

from libs.common.process.database import (
    PAGES,
    PROBES,
    Patience,
    Sessions,
    be_patient,
    connect_arguments,
    engine,
    sessions,
)
from libs.common.process.probes import database_answers
from libs.common.process.troubles import trouble_of

SHORT = Patience(lock=0.3, statement=0.6, idle=30)


Make = Callable[[Patience], Sessions]


@pytest.fixture
def make_sessions(url: str) -> Iterator[Make]:
    """Call it for sessions of one connection with this patience."""
    engines: list[sqlalchemy.Engine] = []

    def make(patience: Patience) -> Sessions:
        engines.append(engine(url, None, patience=patience, pool_size=1))
        return sessions(engines[-1])

    yield make
    for one in engines:
        one.dispose()


@pytest.fixture(scope="module")
def url(database: Callable[..., str]) -> str:
    found = database()
    with psycopg.connect(found) as connection:
        connection.execute("CREATE TABLE kept (words text)")
    return found


def test_a_lock_and_a_long_statement_end_in_time_and_the_session_goes_on(
    url: str, make_sessions: Make
) -> None:
    make = make_sessions(SHORT)
    with psycopg.connect(url) as somebody:
        somebody.execute("LOCK TABLE kept")
        for statement in ("INSERT INTO kept VALUES ('a')", "SELECT pg_sleep(30)"):
            began = time.monotonic()
            with pytest.raises(sqlalchemy.exc.DBAPIError) as caught, make.begin() as session:
                session.execute(text(statement))
            assert time.monotonic() - began < 10
            trouble = trouble_of(caught.value)
            assert trouble is not None
            assert trouble.why == "held"
    with make.begin() as session:
        session.execute(text("INSERT INTO kept VALUES ('a')"))


def test_a_transaction_may_have_another_patience_and_no_other_has_it(make_sessions: Make) -> None:
    make = make_sessions(SHORT)
    with make.begin() as session:
        be_patient(session, PAGES)
        assert session.scalar(text("SHOW statement_timeout")) == "8s"
    with make.begin() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "600ms"


def test_a_server_that_says_nothing_is_given_up_and_asked_anew(make_sessions: Make) -> None:
    make = make_sessions(replace(SHORT, statement=60, answer=0.5))
    with make.begin() as session:
        before = session.scalar(text("SELECT pg_backend_pid()"))
    began = time.monotonic()
    with (
        pytest.raises(sqlalchemy.exc.OperationalError, match="said nothing") as caught,
        make.begin() as session,
    ):
        session.execute(text("SELECT pg_sleep(30)"))
    assert time.monotonic() - began < 10
    trouble = trouble_of(caught.value)
    assert trouble is not None
    assert trouble.why == "away"
    with make.begin() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != before


def test_a_check_says_which_table_is_locked_as_long_as_it_is(url: str) -> None:
    check = database_answers(url, "public")
    assert check() is None
    with psycopg.connect(url) as somebody:
        somebody.execute("LOCK TABLE kept IN SHARE MODE")
        assert check() == "somebody holds a lock on kept"
    with psycopg.connect(url) as somebody:
        somebody.execute("LOCK TABLE kept IN ROW EXCLUSIVE MODE")  # as every change does
        assert check() is None


def test_options_are_those_of_postgresql(url: str) -> None:
    with psycopg.connect(url, **connect_arguments("public", PROBES)) as connection:
        shown = connection.execute("SHOW lock_timeout").fetchone()
    assert shown == ("500ms",)
