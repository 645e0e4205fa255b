"""One-off payments posted by two transactions at once, and those that were known before one-offs were paid (RULES 2)."""

import random
import uuid
from decimal import Decimal
from typing import Any

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import text

from libs.common.messaging.messages import Message
from services.payments import locks
from services.payments.care import steps as care_steps
from services.payments.claims.steps import take_claim
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.messages import ADA, BEA, DIAMOND, a_package, care_changed
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery
from tests.support.council.racing import Other, Step, in_turn, is_waiting, while_uncommitted
from tests.support.run.waiting import wait_until

ONE_OFF = {"unit": "Payment", "frequency": "One-off", "authorised": True}
ONE_OFF |= {"service_level": "hospital incentive payment"}


def a_one_off(cpli_id: int = 9, **facts: Any) -> dict[str, Any]:
    """Seven times £2.00, once, from 3 October 2022."""
    return a_package(cpli_id, **{"unit_cost": "2.00", "start_on": "2022-10-03"} | facts) | ONE_OFF


def care_step(*packages: dict[str, Any]) -> Step:
    return lambda session: care_steps.take_care(session, care_changed(*packages))


def claim(item_id: str, client: str = ADA) -> Step:
    """A claim of £11.89 for a stay from 1 to 4 October is accepted."""
    item = {"item_id": item_id, "client_reference": client[:4], "client_id": client, "cpli_id": None}
    item |= {"amount": "11.89", "worked_out": "11.89", "reason": "Hospital Incentive Payment"}
    item |= {"first_on": "2022-10-02", "last_on": "2022-10-03"}
    item |= {"admitted_on": "2022-10-01", "discharged_on": "2022-10-04"}
    body = {"claim_id": str(uuid.uuid4()), "number": 1, "organisation_id": DIAMOND, "contract": "DAPL"}
    message = Message(
        str(uuid.uuid4()), "claim_accepted", str(uuid.uuid4()), body | {"items": [item]}, "single"
    )
    return lambda session: take_claim(session, message)


def do(council: Council, *steps: Step) -> None:
    for step in steps:
        with council.payments() as session:
            step(session)


def sum_paid(council: Council) -> dict[str, Decimal]:
    """Pounds by series."""
    with council.payments() as session:
        rows = session.execute(text("SELECT series, sum(amount) FROM items GROUP BY 1"))
        return {row.series: row.sum for row in rows}


@pytest.mark.parametrize("claim_is_first", [True, False])
def test_a_one_off_and_the_claim_that_comes_at_the_same_time_are_one_payment(
    idle_council: Council, claim_is_first: bool
) -> None:
    council, item_id = idle_council, str(uuid.uuid4())
    do(council, care_step(a_package(1)))
    steps = (claim(item_id), care_step(a_one_off()))
    in_turn(council.sessions["payments"], *(steps if claim_is_first else reversed(steps)))
    assert {series: amount for series, amount in sum_paid(council).items() if amount} == {
        "claims": Decimal("11.89")
    }


def test_a_one_off_that_moves_to_another_client_leaves_the_claim_of_the_first(idle_council: Council) -> None:
    council, item_id = idle_council, str(uuid.uuid4())
    do(council, care_step(a_one_off()), claim(item_id), care_step(a_one_off(version=2, client=BEA)))
    assert sum_paid(council) == {"claims": Decimal("11.89"), "one_off": Decimal("14.00")}
    do(council, claim(item_id), care_step(a_one_off(version=3)))
    assert sum_paid(council) == {"claims": Decimal("11.89"), "one_off": 0}


def test_without_the_locks_a_second_taking_back_fails_instead_of_being_posted(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = idle_council
    monkeypatch.setattr(locks, "lock_clients", lambda session, clients: None)
    monkeypatch.setattr(locks, "lock_cplis", lambda session, cplis, exclusive: None)
    sessions = council.sessions["payments"]
    do(council, care_step(a_one_off()))
    with while_uncommitted(sessions, claim(str(uuid.uuid4()))):
        other = Other(sessions, care_step(a_one_off(version=2) | {"authorised": False}))
        wait_until(lambda: is_waiting(sessions) or not other.is_alive())
    with pytest.raises(UniqueViolation):
        other.ends()
    assert sum_paid(council) == {"claims": Decimal("11.89"), "one_off": 0}


def test_a_one_off_that_was_said_before_units_were_is_paid_when_it_is_said_again(
    idle_council: Council,
) -> None:
    council = idle_council
    unsaid = {name: value for name, value in a_one_off().items() if name not in ONE_OFF}
    do(council, care_step(unsaid))
    assert sum_paid(council) == {}
    do(council, care_step(unsaid), care_step(a_one_off()), care_step(a_one_off()), care_step(unsaid))
    assert sum_paid(council) == {"one_off": Decimal("14.00")}


def test_reconcile_proves_one_offs_and_the_stays_of_claims(idle_council: Council) -> None:
    council, delivery = idle_council, Delivery(idle_council, random.Random(0))
    cells = {"Unit": "Payment", "Frequency": "One-off", "Quantity": "1", "UnitCost": "15.00"}
    delivery.import_care(a_care_file(a_care_row(1), a_care_row(9, **cells)))
    delivery.deliver_all()
    assert council.books_now()["payable"] == {"Diamond Home Care Ltd": "15.00"}
    assert council.differences() == []
    with council.as_owner("payments") as session:
        session.execute(text("UPDATE items SET amount = 16 WHERE series = 'one_off'"))
        session.execute(
            text(
                "INSERT INTO claimed_stays VALUES (:item, :organisation, :client, '2022-10-01', '2022-10-02')"
            ),
            {"item": uuid.uuid4(), "organisation": DIAMOND, "client": ADA},
        )
    found = {each["what"]: (each["expected"], each["held"]) for each in council.differences()}
    assert found == {"one_off": ("15.00", "16"), "claimed_stay": ("nothing", DIAMOND)}
