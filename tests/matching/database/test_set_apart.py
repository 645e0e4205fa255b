"""One visit that can't be stored, or one client's week that can't be matched, is set apart; all others are paid."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.messaging.outbox import emit_many
from libs.common.operations.answers import find_apart, retry_apart
from libs.common.operations.dead_letters import list_dead_letters
from libs.common.rpc import Caller
from services.ingest.visits import store as visits_store
from services.ingest.visits.events import bodies_in_order
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import ORGANISATION, a_file, a_row
from tests.support.council.council import Council
from tests.support.run.waiting import wait_until

COUNCIL: Caller = {"who": "a tester", "role": "council", "organisation": None}
DAY = "03/10/2022"
PROVIDER_ID = str(organisation_id_of(ORGANISATION))
ADA, BEA = "A100", "A200"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again after a second each time."""
    monkeypatch.setattr("libs.common.messaging.consumer.RETRY_SECONDS", (1,))


def a_visit(ref: str, client: str, **cells: str) -> tuple[str, ...]:
    """An hour's visit of £20.00."""
    facts = {
        "VisitRef": ref,
        "SSRef": client,
        "PlannedVisitDate": DAY,
        "PlannedEntryTime": "09:00",
        "PlannedExitTime": "10:00",
        "DeliveredVisitDate": DAY,
        "DeliveredEntryTime": "09:00",
        "DeliveredExitTime": "10:00",
    }
    return a_row(**(facts | cells))


def find_all_apart(council: Council, service: str = "matching") -> dict[str, str]:
    """What is set apart there: reasons by kind and key."""
    with council.sessions[service].begin() as session:
        found = find_apart(session, COUNCIL)
    return {f"{one['kind']} {one['key'].removeprefix(PROVIDER_ID + '/')}": one["reason"] for one in found}


def retry(council: Council) -> None:
    for service in ("matching", "payments"):
        with council.sessions[service].begin() as session:
            retry_apart(session, COUNCIL, None)


def run(council: Council, service: str, statement: str, **values: Any) -> None:
    with council.sessions[service].begin() as session:
        session.execute(text(statement), values)


def as_owner(council: Council, statement: str) -> None:
    with psycopg.connect(council.schemas.admin_url) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def sum_paid(council: Council) -> dict[str, Decimal]:
    """What was paid for each client, when all is processed."""
    wait_until(council.is_settled, 60)
    with council.payments() as session:
        rows = session.execute(
            text("SELECT client_reference, sum(amount) FROM items GROUP BY 1 HAVING sum(amount) <> 0")
        ).all()
    return {row[0]: row[1] for row in rows}


def said_visits(council: Council) -> dict[str, Any]:
    """The visits that ingest holds, as ``visits_changed`` says them."""
    with council.sessions["ingest"].begin() as session:
        organisation_id = organisation_id_of(ORGANISATION)
        (body,) = bodies_in_order(organisation_id, visits_store.stream_as_said(session, organisation_id))
    return body


POISON: dict[str, Callable[[dict[str, list[Any]], int], None]] = {
    "a number that no column holds": lambda columns, at: columns["planned_entry"].__setitem__(at, 10**30),
    "a NUL": lambda columns, at: columns["visit_type"].__setitem__(at, "DHS\0"),
    "half an emoji": lambda columns, at: columns["service_level"].__setitem__(at, "Care \ud83d"),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_a_visit_that_can_not_be_stored_leaves_its_neighbours_paid_and_is_paid_once_mended(
    council: Council, vhost_of_all: str, poison: Callable[[dict[str, list[Any]], int], None]
) -> None:
    council.import_care(a_care_file(a_care_row(1), a_care_row(2, SSRef=BEA)))
    visits = [a_visit("V1", ADA), a_visit("V2", ADA), a_visit("V3", BEA)]
    council.import_visits(ORGANISATION, a_file(*visits))
    assert sum_paid(council) == {ADA: Decimal("40.00"), BEA: Decimal("20.00")}
    body = said_visits(council)
    columns = body["columns"]
    at = columns["visit_ref"].index("V2")
    columns["version"] = [version + 1_000 for version in columns["version"]]
    columns["delivered_seconds"] = [2 * seconds for seconds in columns["delivered_seconds"]]
    poison(columns, at)
    with council.sessions["ingest"].begin() as session:
        emit_many(session, "visits_changed", [json.dumps(body)], cause_id=PROVIDER_ID)
    assert sum_paid(council) == {ADA: Decimal("60.00"), BEA: Decimal("40.00")}
    assert list(find_all_apart(council)) == ["visit V2"]
    assert list_dead_letters(vhost_of_all) == []
    retry(council)
    assert sum_paid(council) == {ADA: Decimal("60.00"), BEA: Decimal("40.00")}
    assert list(find_all_apart(council)) == ["visit V2"]
    mended = said_visits(council)
    mended["columns"]["version"] = [version + 2_000 for version in mended["columns"]["version"]]
    with council.sessions["ingest"].begin() as session:
        emit_many(session, "visits_changed", [mended], cause_id=PROVIDER_ID)
    assert sum_paid(council) == {ADA: Decimal("40.00"), BEA: Decimal("20.00")}
    assert find_all_apart(council) == {}


def test_a_week_that_can_not_be_matched_is_set_apart_and_paid_once_its_care_is_mended(
    council: Council, vhost_of_all: str
) -> None:
    council.import_care(a_care_file(a_care_row(1), a_care_row(2), a_care_row(3, SSRef=BEA)))
    run(council, "matching", "UPDATE cpli_terms SET quantity = 'NaN' WHERE cpli_id = 1")
    council.import_visits(ORGANISATION, a_file(a_visit("V1", ADA), a_visit("V2", BEA)))
    assert sum_paid(council) == {BEA: Decimal("20.00")}
    (why,) = find_all_apart(council).items()
    assert why[0] == "visit V1"
    assert why[1].startswith("builtins.ValueError")
    (line,) = council.differences()
    assert line["what"] == "match"
    assert line["which"].endswith("/2022-10-03")
    assert line["expected"].startswith("can't be worked out: builtins.ValueError")
    run(council, "matching", "UPDATE cpli_terms SET quantity = 7 WHERE cpli_id = 1")
    retry(council)
    assert sum_paid(council) == {ADA: Decimal("20.00"), BEA: Decimal("20.00")}
    assert find_all_apart(council) == {}
    assert council.differences() == []
    assert list_dead_letters(vhost_of_all) == []


def test_a_matched_visit_of_a_week_that_can_no_longer_be_matched_keeps_what_it_pays(council: Council) -> None:
    council.import_care(a_care_file(a_care_row(1), a_care_row(2)))
    council.import_visits(ORGANISATION, a_file(a_visit("V1", ADA)))
    assert sum_paid(council) == {ADA: Decimal("20.00")}
    run(council, "matching", "UPDATE cpli_terms SET quantity = 'NaN' WHERE cpli_id = 1")
    late = {"PlannedEntryTime": "11:00", "PlannedExitTime": "12:00"}
    council.import_visits(ORGANISATION, a_file(a_visit("V2", ADA, **late)))
    assert sum_paid(council) == {ADA: Decimal("20.00")}
    assert set(find_all_apart(council)) == {"visit V1", "visit V2"}
    run(council, "matching", "UPDATE cpli_terms SET quantity = 7 WHERE cpli_id = 1")
    council.import_care(
        a_care_file(a_care_row(1, Quantity="8.00"), a_care_row(2))
    )  # care that is mended retries
    assert sum_paid(council) == {ADA: Decimal("40.00")}
    assert find_all_apart(council) == {}


def test_a_week_that_can_not_be_looked_through_hides_no_doubt_of_another_client(council: Council) -> None:
    council.import_care(a_care_file(a_care_row(1), a_care_row(2, SSRef=BEA)))
    council.import_visits(ORGANISATION, a_file(a_visit("V1", ADA), a_visit("V2", BEA)))
    sum_paid(council)
    run(council, "matching", "UPDATE cpli_terms SET quantity = 'NaN' WHERE cpli_id = 1")
    assert find_doubted(council) == {BEA}
    assert list(find_all_apart(council)) == ["doubts A100 2022-10-03"]
    run(council, "matching", "UPDATE cpli_terms SET quantity = 7 WHERE cpli_id = 1")
    retry(council)
    wait_until(council.is_settled, 60)
    assert find_doubted(council) == {ADA, BEA}
    assert find_all_apart(council) == {}


def find_doubted(council: Council) -> set[str]:
    """The clients whose week raises doubts, looked at anew."""
    with council.sessions["matching"].begin() as session:
        emit_many(session, "doubts_wanted", [{"monday": "2022-10-03"}], cause_id=PROVIDER_ID)
    wait_until(council.is_settled, 60)
    with council.sessions["disputes"].begin() as session:
        return set(session.scalars(text("SELECT client_reference FROM doubts")))


def test_one_client_that_can_not_be_matched_again_stops_no_other(council: Council, vhost_of_all: str) -> None:
    """A service without a row: what joins it can't be said, which no week's own try sees."""
    care = [a_care_row(n, SSRef=client) for n, client in ((1, ADA), (2, BEA))]
    council.import_care(a_care_file(*care))
    council.import_visits(ORGANISATION, a_file(a_visit("V1", ADA), a_visit("V2", BEA)))
    assert sum_paid(council) == {ADA: Decimal("20.00"), BEA: Decimal("20.00")}
    run(council, "matching", "UPDATE visits SET version = -1 WHERE visit_ref = 'V1'")
    as_owner(council, "ALTER TABLE matching.visits ADD CONSTRAINT poison CHECK (version > 0) NOT VALID")
    try:
        council.import_care(a_care_file(*(row | {"StartDate": "31/10/2022"} for row in care)))
        assert sum_paid(council) == {ADA: Decimal("20.00")}  # what can't be matched again keeps its money
        assert len(find_all_apart(council)) == 1
    finally:
        as_owner(council, "ALTER TABLE matching.visits DROP CONSTRAINT poison")
    retry(council)
    assert sum_paid(council) == {}
    assert find_all_apart(council) == {}
    assert list_dead_letters(vhost_of_all) == []
