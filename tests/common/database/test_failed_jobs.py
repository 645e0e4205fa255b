"""A job whose message died ends in a stated failure; a row that can't be stored is rejected, and the others are taken."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pika
import psycopg
import pytest
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.files.objects import write_object
from libs.common.messaging.amqp import a_channel
from libs.common.messaging.messages import HEARERS
from libs.common.messaging.outbox import emit_many
from libs.common.messaging.topology import queue_name
from libs.common.operations.answers import find_apart
from libs.common.operations.dead_letters import discard, list_dead_letters, replay
from libs.common.rpc import Caller
from services.ingest.files import steps as files_steps
from services.matching.imports import checks as imports_checks
from services.matching.imports import steps as imports_steps
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import ORGANISATION, a_file, a_row
from tests.support.council.council import TESTER, Council
from tests.support.run.waiting import wait_until

COUNCIL: Caller = {"who": "a tester", "role": "council", "organisation": None}
SECONDS = 60
"""Within a minute."""


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again after a second each time."""
    monkeypatch.setattr("libs.common.messaging.consumer.RETRY_SECONDS", (1,))


def send_visits(council: Council, key: str, **facts: Any) -> uuid.UUID:
    """A visits file whose content lies under this key, if anywhere."""
    file_id = uuid.uuid4()
    with council.sessions["ingest"].begin() as session:
        files_steps.receive_file(
            session,
            TESTER,
            file_id=file_id,
            organisation=ORGANISATION,
            file_name="visits.csv",
            object_key=key,
            **facts,
        )
    return file_id


def send_care(council: Council, key: str, *, is_checked_first: bool = False) -> uuid.UUID:
    import_id = uuid.uuid4()
    receive = imports_steps.receive_to_check if is_checked_first else imports_steps.receive_care
    with council.sessions["matching"].begin() as session:
        receive(session, TESTER, import_id=import_id, object_key=key, file_name="care.csv")
    return import_id


def a_key() -> str:
    return f"tests/{uuid.uuid4()}.csv"


@contextmanager
def constraint(council: Council, table: str, check: str) -> Iterator[None]:
    """Rows that don't fit can't be stored meanwhile."""
    with psycopg.connect(council.schemas.admin_url) as connection:
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT poison CHECK ({check}) NOT VALID")  # type: ignore[call-overload]
    try:
        yield
    finally:
        with psycopg.connect(council.schemas.admin_url) as connection:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT poison")  # type: ignore[call-overload]


def publish_unreadable(vhost: str, event: str, cause_id: uuid.UUID | str) -> None:
    """A message of this event that nobody can read, in the queue of its hearer."""
    with a_channel(vhost, "a test") as channel:
        channel.confirm_delivery()
        properties = pika.BasicProperties(
            content_type="application/json",
            message_id=str(uuid.uuid4()),
            type=event,
            headers={"cause_id": str(cause_id)},
            delivery_mode=2,
        )
        queue = queue_name(HEARERS[event][0], event, "bulk")
        channel.basic_publish("", queue, b"{", properties, mandatory=True)


def test_a_check_that_dies_is_said_to_have_failed_and_goes_on_when_it_is_sent_back(
    council: Council, vhost_of_all: str
) -> None:
    key = a_key()
    file_id = send_visits(council, key)  # its content is not there
    wait_until(lambda: council.file(file_id)["state"] == "failed", SECONDS)
    refusal = council.file(file_id)["refusal"]
    assert refusal["code"] == "checking_failed"
    assert str(file_id) in refusal["message"]
    wait_until(council.is_settled)
    write_object(key, a_file(a_row()).encode())
    assert replay(vhost_of_all) == 1
    wait_until(lambda: council.file(file_id)["state"] == "checked")
    assert council.file(file_id)["refusal"] is None
    assert council.confirm(str(file_id))["state"] == "applied"
    assert list_dead_letters(vhost_of_all) == []


def test_an_update_that_dies_is_said_to_have_failed_and_stored_nothing(
    council: Council, vhost_of_all: str
) -> None:
    checked = council.check_visits(ORGANISATION, a_file(a_row()))
    with psycopg.connect(council.schemas.admin_url) as connection:
        connection.execute("ALTER TABLE ingest.visit_versions RENAME TO elsewhere")
    try:
        found = council.confirm(checked["id"])
    finally:
        with psycopg.connect(council.schemas.admin_url) as connection:
            connection.execute("ALTER TABLE ingest.elsewhere RENAME TO visit_versions")
    assert (found["state"], found["refusal"]["code"]) == ("failed", "applying_failed")
    replay(vhost_of_all)
    wait_until(lambda: council.file(checked["id"])["state"] == "applied")


@pytest.mark.parametrize("event", ["visits_checked", "weeks_forecast", "file_forecast"])
def test_a_forecast_that_dies_in_any_service_is_said_and_the_file_can_be_updated(
    council: Council, vhost_of_all: str, event: str
) -> None:
    checked = council.check_visits(ORGANISATION, a_file(a_row()))
    wait_until(lambda: council.file(checked["id"])["forecast"])
    with council.sessions["ingest"].begin() as session:
        session.execute(text("UPDATE visits_files SET forecast_payable = NULL"))
    publish_unreadable(vhost_of_all, event, checked["id"])
    wait_until(lambda: council.file(checked["id"])["forecast_failure"], SECONDS)
    assert council.file(checked["id"])["state"] == "checked"
    assert council.confirm(checked["id"])["state"] == "applied"


def test_a_file_that_confirms_itself_is_applied_without_its_forecast(
    council: Council, vhost_of_all: str
) -> None:
    checked = council.check_visits(ORGANISATION, a_file(a_row()))
    wait_until(lambda: council.file(checked["id"])["forecast"])
    with council.sessions["ingest"].begin() as session:
        session.execute(text("UPDATE visits_files SET forecast_payable = NULL, confirms_itself = true"))
    publish_unreadable(vhost_of_all, "weeks_forecast", checked["id"])
    wait_until(lambda: council.file(checked["id"])["state"] == "applied", SECONDS)


@pytest.mark.parametrize("is_checked_first", [False, True])
def test_a_care_import_that_dies_is_said_to_have_failed_and_goes_on_when_it_is_sent_back(
    council: Council, vhost_of_all: str, is_checked_first: bool
) -> None:
    key = a_key()
    import_id = send_care(council, key, is_checked_first=is_checked_first)
    wait_until(lambda: council.care_document(import_id)["state"] == "failed", SECONDS)
    assert str(import_id) in council.care_document(import_id)["refusal"]
    write_object(key, a_care_file(a_care_row(1)).encode())
    replay(vhost_of_all)
    done = "checked" if is_checked_first else "imported"
    wait_until(lambda: council.care_document(import_id)["state"] == done)
    assert council.care_document(import_id)["refusal"] is None


def test_rows_that_can_not_be_stored_are_rejected_and_the_others_applied(
    council: Council, vhost_of_all: str
) -> None:
    council.import_care(a_care_file(a_care_row(1, SSRef="A123456")))
    rows = [a_row(VisitRef=f"V{n}", Comments="poison" if n == 3 else "") for n in range(1, 6)]
    with constraint(council, "ingest.visits", "comments <> 'poison'"):
        applied = council.import_visits(ORGANISATION, a_file(*rows))
        wait_until(council.is_settled)
    assert applied["state"] == "applied"
    assert (applied["counts"]["new"], applied["counts"]["rejected"]) == (4, 1)
    (error,) = council.errors(applied["id"])
    assert (error["row"], error["ref"], error["code"]) == (4, "V3", "cannot_be_stored")
    assert rows_apart(council) == {f"{organisation_id_of(ORGANISATION)}/V3"}
    assert list_dead_letters(vhost_of_all) == []
    council.import_visits(ORGANISATION, a_file(a_row(VisitRef="V3")))
    assert rows_apart(council) == set()


def rows_apart(council: Council) -> set[str]:
    with council.sessions["ingest"].begin() as session:
        return {one["key"] for one in find_apart(session, COUNCIL)}


def test_what_can_not_be_stored_shows_at_the_check_where_the_check_meets_it(council: Council) -> None:
    rows = [a_row(VisitRef=f"V{n}", Comments="poison" if n == 2 else "") for n in range(1, 4)]
    with (
        constraint(council, "ingest.visits", "comments <> 'poison'"),
        constraint(council, "ingest.staged_visits", "comments <> 'poison'"),
    ):
        checked = council.check_visits(ORGANISATION, a_file(*rows))
    assert (checked["counts"]["new"], checked["counts"]["rejected"]) == (2, 1)


def test_a_file_that_was_to_be_seen_first_goes_back_with_the_rows_that_can_not_be_stored(
    council: Council,
) -> None:
    rows = [a_row(VisitRef=f"V{n}", Comments="poison" if n == 2 else "") for n in range(1, 4)]
    checked = council.check_visits(ORGANISATION, a_file(*rows))
    with constraint(council, "ingest.visits", "comments <> 'poison'"):
        found = council.confirm(checked["id"], accepts_changes=False)
        assert (found["state"], found["counts"]["rejected"]) == ("checked", 1)
        assert council.confirm(checked["id"])["state"] == "applied"


def test_care_rows_that_can_not_be_stored_are_rejected_and_the_others_imported(
    council: Council, vhost_of_all: str
) -> None:
    rows = [a_care_row(n, SSRef=f"A{n}00", Surname="poison" if n == 2 else "Long") for n in range(1, 4)]
    with constraint(council, "matching.clients", "surname <> 'poison'"):
        imported = council.import_care(a_care_file(*rows))
        assert imported["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "rejected": 1}
        (error,) = imported["errors"]
        assert (error["row"], error["ref"], error["code"]) == (3, "2", "cannot_be_stored")
    assert list_dead_letters(vhost_of_all) == []


def test_a_care_file_that_was_to_be_seen_first_goes_back_with_such_rows(council: Council) -> None:
    rows = [a_care_row(n, SSRef=f"A{n}00", Surname="poison" if n == 2 else "Long") for n in range(1, 4)]
    key = a_key()
    write_object(key, a_care_file(*rows).encode())
    import_id = send_care(council, key, is_checked_first=True)
    wait_until(lambda: council.care_document(import_id)["state"] == "checked")
    with constraint(council, "matching.clients", "surname <> 'poison'"):
        for state, version in (("checked", 1), ("imported", 2)):
            with council.sessions["matching"].begin() as session:
                imports_checks.confirm(session, COUNCIL, import_id, check_version=version)
            wait_until(lambda: council.care_document(import_id)["state"] != "importing")
            assert council.care_document(import_id)["state"] == state
    assert council.care_document(import_id)["counts"]["rejected"] == 1


def test_a_care_row_with_a_very_long_identifier_leaves_the_others_imported(council: Council) -> None:
    noise = os.urandom(6_000).hex()
    imported = council.import_care(a_care_file(a_care_row(1, SSRef=noise), a_care_row(2, SSRef="A200")))
    assert (imported["state"], imported["counts"]["new"], imported["counts"]["rejected"]) == (
        "imported",
        1,
        1,
    )


def test_buried_messages_count_as_over_until_they_are_sent_back(council: Council, vhost_of_all: str) -> None:
    council.import_care(a_care_file(a_care_row(1)))
    wait_until(council.is_settled)
    cause = str(uuid.uuid4())
    with council.sessions["matching"].begin() as session:
        emit_many(session, "weeks_matched", ['{"weeks": 7}', '{"weeks": 8}'], cause_id=cause)
    wait_until(lambda: len(list_dead_letters(vhost_of_all)) == 2)
    wait_until(council.is_settled)
    first, second = (letter.id for letter in list_dead_letters(vhost_of_all))
    assert discard(vhost_of_all, first, lambda letter: None) == 1
    assert [letter.id for letter in list_dead_letters(vhost_of_all)] == [second]
    assert council.is_settled()


def test_reconcile_survives_whatever_lies_in_the_tables(council: Council) -> None:
    council.import_care(a_care_file(a_care_row(1), a_care_row(2, SSRef="A200"), a_care_row(3, SSRef="A300")))
    council.import_visits(
        ORGANISATION, a_file(*(a_row(VisitRef=f"V{n}", SSRef=f"A{n}00") for n in range(1, 4)))
    )
    wait_until(council.is_settled)
    assert council.differences() == []
    poison: list[tuple[str, str, Callable[[dict[str, Any]], bool]]] = [
        ("ingest", "UPDATE visits SET planned_on = 'infinity' WHERE visit_ref = 'V1'", is_of("visit", "V1")),
        ("matching", "DELETE FROM cpli_terms WHERE cpli_id = 2", is_of("week", "2/")),
        ("payments", "UPDATE packages SET terms = '[{}]' WHERE cpli_id = 3", is_of("package", "3")),
        ("payments", "UPDATE weeks SET actual = 'NaN' WHERE cpli_id = 3", is_of("week", "3/")),
    ]
    for service, statement, is_said in poison:
        with council.sessions[service].begin() as session:
            session.execute(text(statement))
        lines = council.differences()
        assert any(map(is_said, lines)), (statement, lines)
    with council.payments() as session:
        amounts = set(session.scalars(text("SELECT amount FROM items")))
    assert amounts == {Decimal("9.67")}


def is_of(what: str, which: str) -> Callable[[dict[str, Any]], bool]:
    return lambda line: line["what"] == what and which in line["which"]
