"""What is still under way, as `reconcile` and `books --wait` say it: a message sent by hand keeps nobody waiting."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from deploy.cli.system import System
from deploy.ops.reconcile.books import SERVICES, in_flight
from deploy.ops.reconcile.differences import look_into
from libs.common.messaging.messages import HEARERS
from libs.common.messaging.progress import progress_by_cause, progress_of
from libs.common.process.database import psycopg_url
from tests.support.run.schemas import Schemas

EVENT, SAYER = "weeks_matched", "matching"
HEARER, *OTHERS = HEARERS[EVENT]
FIRST, SECOND, BY_HAND = (uuid.UUID(int=number) for number in (1, 2, 3))

Counts = dict[uuid.UUID, int]
"""How many messages of the event by cause."""


class ReadByHand(System):
    """Asks the services' own counts in the database itself, and nobody over the broker."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_services(self, method: str, **payload: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for service in SERVICES:
            look_into(self._session, service)
            if method == "progress":
                found[service] = progress_of(self._session)._asdict()
            else:
                found[service] = progress_by_cause(self._session, payload["event"])
        return found


@pytest.fixture(scope="module")
def counted(schemas: Callable[[], Schemas]) -> Schemas:
    return schemas()


@pytest.fixture
def session(counted: Schemas) -> Iterator[Session]:
    """Of the role that reads all."""
    engine = create_engine(psycopg_url(counted.url_of("caretally_reader")))
    with Session(engine) as found:
        yield found
    engine.dispose()


def note(counted: Schemas, service: str, *, emitted: Counts, received: Counts) -> None:
    rows = [(cause, EVENT, emitted.get(cause, 0), received.get(cause, 0)) for cause in emitted | received]
    statement = sql.SQL("INSERT INTO {} (cause_id, event, emitted, received) VALUES (%s, %s, %s, %s)")
    with psycopg.connect(counted.admin_url) as connection, connection.cursor() as cursor:
        cursor.executemany(statement.format(sql.Identifier(service, "progress")), rows)


@pytest.mark.parametrize(
    ("heard", "missing"),
    [
        ({FIRST: 3, SECOND: 2}, 0),
        ({FIRST: 3, SECOND: 1}, 1),
        ({FIRST: 3, SECOND: 2, BY_HAND: 4}, 0),
        ({FIRST: 3, SECOND: 1, BY_HAND: 4}, 1),
        ({FIRST: 5, SECOND: 2}, 0),
        ({FIRST: 5, SECOND: 1}, 1),
        ({BY_HAND: 9}, 5),
    ],
)
def test_what_was_sent_by_hand_is_not_under_way_and_hides_nothing_that_is(
    counted: Schemas, session: Session, heard: Counts, missing: int
) -> None:
    counted.empty(SERVICES)
    said = {FIRST: 3, SECOND: 2}
    note(counted, SAYER, emitted=said, received={})
    note(counted, HEARER, emitted={}, received=heard)
    for other in OTHERS:
        note(counted, other, emitted={}, received=said)
    wanted = [{"event": EVENT, "hearer": HEARER, "missing": missing}] if missing else []
    assert in_flight(session) == wanted
    system = ReadByHand(session)
    assert [one._asdict() for one in system.missing()] == wanted
    assert system.is_settled() == (not missing)
