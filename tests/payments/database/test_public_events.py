"""Public events as they are written to the outbox: numbered without a gap in each stream, in the order of sending."""

import json
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from libs.common.care.weeks import period_start_of
from libs.common.messaging.messages import Message
from libs.common.messaging.topology import PUBLIC
from services.payments.care import steps as care_steps
from services.payments.claims.steps import take_claim
from services.payments.events import store as events_store
from services.payments.events.public import COUNCIL_STREAM
from services.payments.posting import steps as posting_steps
from tests.support.builders.messages import (
    ADA,
    BEA,
    DIAMOND,
    MONDAY,
    PEARL,
    a_package,
    a_week,
    care_changed,
    weeks_matched,
)
from tests.support.council.council import Council
from tests.support.council.racing import in_turn
from tests.support.events.asyncapi import misfits

PERIOD = period_start_of(MONDAY)


def take_care(council: Council, *packages: dict[str, Any]) -> None:
    with council.payments() as session:
        care_steps.take_care(session, care_changed(*packages))


def take_weeks(council: Council, *weeks: dict[str, Any]) -> None:
    with council.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(*weeks))


def read_events(council: Council) -> list[dict[str, Any]]:
    """The public events in the outbox, in the order in which the relay sends them."""
    with council.payments() as session:
        query = text("SELECT body FROM outbox WHERE exchange = :public ORDER BY lane, id")
        return [json.loads(body) for (body,) in session.execute(query, {"public": PUBLIC})]


def numbers_by_stream(events: list[dict[str, Any]]) -> dict[str, list[int]]:
    """The numbers of each stream, in the order of the events."""
    found = defaultdict(list)
    for event in events:
        found[event["partitionkey"]].append(int(event["sequence"]))
    return dict(found)


def are_gap_free(events: list[dict[str, Any]]) -> bool:
    """Whether each stream counts from 1 without a gap and without going back."""
    return all(found == list(range(1, len(found) + 1)) for found in numbers_by_stream(events).values())


def data_of(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event["data"] for event in events if event["type"] == kind]


def test_each_stream_counts_for_itself(idle_council: Council) -> None:
    take_care(idle_council, a_package(1), a_package(2, organisation=PEARL, client=BEA, assessed="10.00"))
    take_weeks(idle_council, a_week(1), a_week(2, organisation=PEARL, client=BEA))
    take_weeks(idle_council, a_week(1, version=2, hours=(2,)))
    counted = numbers_by_stream(read_events(idle_council))
    assert (counted[DIAMOND], counted[PEARL]) == ([1, 2], [1])
    assert are_gap_free(read_events(idle_council))
    assert COUNCIL_STREAM in counted


def test_what_is_rolled_back_leaves_no_gap(idle_council: Council) -> None:
    take_care(idle_council, a_package(1))
    take_weeks(idle_council, a_week(1))
    with idle_council.sessions["payments"]() as session:
        posting_steps.take_weeks(session, weeks_matched(a_week(1, version=2, hours=(2,))))
        session.rollback()
    take_weeks(idle_council, a_week(1, version=3, hours=(3,)))
    assert numbers_by_stream(read_events(idle_council))[DIAMOND] == [1, 2]


def test_of_two_transactions_at_once_the_second_waits_for_its_numbers(idle_council: Council) -> None:
    """Otherwise the later number could be sent first, or one that is rolled back leave a gap."""
    take_care(idle_council, a_package(1), a_package(2, client=BEA))

    def step(cpli_id: int, client: str) -> Callable[..., None]:
        return lambda session: posting_steps.take_weeks(
            session, weeks_matched(a_week(cpli_id, client=client))
        )

    in_turn(idle_council.sessions["payments"], step(1, ADA), step(2, BEA))
    events = read_events(idle_council)
    assert are_gap_free(events)
    assert [data["cpli_id"] for data in data_of(events, "payment.item.posted.v1")] == [1, 2]


def test_many_at_once_some_rolled_back_are_sent_in_the_order_of_their_numbers(idle_council: Council) -> None:
    council = idle_council
    take_care(council, *(a_package(n, client=client_of(n), organisation=provider_of(n)) for n in range(1, 9)))

    def work(cpli_id: int) -> None:
        for version in range(1, 9):
            message = weeks_matched(
                a_week(
                    cpli_id,
                    version=version,
                    hours=(version,),
                    client=client_of(cpli_id),
                    organisation=provider_of(cpli_id),
                )
            )
            message = message.__class__(**{**fields_of(message), "lane": ("bulk", "single")[version % 2]})
            with council.sessions["payments"]() as session, session.begin() as transaction:
                posting_steps.take_weeks(session, message)
                if (version + cpli_id) % 3 == 0:
                    transaction.rollback()

    threads = [threading.Thread(target=work, args=(cpli_id,)) for cpli_id in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = read_events(council)
    assert are_gap_free(events)
    assert len(numbers_by_stream(events)) == 3
    total = sum(Decimal(data["amount"]) for data in data_of(events, "payment.item.posted.v1"))
    with council.payments() as session:
        assert total == session.scalar(text("SELECT sum(amount) FROM items"))


def client_of(cpli_id: int) -> str:
    return f"cccccccc-cccc-4ccc-8ccc-{cpli_id:012d}"


def provider_of(cpli_id: int) -> str:
    return DIAMOND if cpli_id % 2 else PEARL


def fields_of(message: Any) -> dict[str, Any]:
    return {name: getattr(message, name) for name in message.__dataclass_fields__}


def test_finalising_issues_each_organisation_a_remittance_of_what_its_items_come_to(
    idle_council: Council,
) -> None:
    assessed = {"assessed": "5.00", "collected_by": "Provider"}
    take_care(idle_council, a_package(1, **assessed), a_package(2, organisation=PEARL, client=BEA))
    take_weeks(idle_council, a_week(1), a_week(2, organisation=PEARL, client=BEA, hours=(2,)))
    idle_council.finalise(PERIOD)
    events = read_events(idle_council)
    remitted = {data["organisation_id"]: data for data in data_of(events, "remittance.issued.v1")}
    amounts = ("items", "cost", "deductions", "payable")
    assert [remitted[DIAMOND][name] for name in amounts] == [2, "20.00", "-5.00", "15.00"]
    assert [remitted[PEARL][name] for name in amounts] == [1, "40.00", "0.00", "40.00"]
    assert are_gap_free(events)


def test_no_item_is_in_two_remittances(idle_council: Council) -> None:
    """One contract first, then all: the second remittance has what the first one had not."""
    take_care(idle_council, a_package(1), a_package(2, client=BEA, contract="LWAH"))
    take_weeks(idle_council, a_week(1), a_week(2, client=BEA, hours=(2,)))
    idle_council.finalise(PERIOD, "DAPL")
    idle_council.finalise(PERIOD)
    remitted = data_of(read_events(idle_council), "remittance.issued.v1")
    assert [(data["contract"], data["payable"]) for data in remitted] == [("DAPL", "20.00"), (None, "40.00")]
    assert len({data["remittance_id"] for data in remitted}) == 2


def test_items_of_a_contract_that_is_no_longer_in_use_are_remitted_with_the_last_one(
    idle_council: Council,
) -> None:
    take_care(idle_council, a_package(1), a_package(2, client=BEA, contract="LWAH"))
    take_weeks(idle_council, a_week(1), a_week(2, client=BEA, hours=(2,)))
    take_care(idle_council, a_package(2, version=2, client=BEA, contract="DAPL"))
    idle_council.finalise(PERIOD, "DAPL")
    remitted = data_of(read_events(idle_council), "remittance.issued.v1")
    assert sum(Decimal(data["payable"]) for data in remitted) == Decimal("60.00")


def test_a_stream_keeps_its_numbers_when_a_transaction_says_twice(idle_council: Council) -> None:
    with idle_council.payments() as session:
        assert events_store.take_numbers(session, {"a": 2, "b": 1}) == {"a": 1, "b": 1}
        assert events_store.take_numbers(session, {"a": 1}) == {"a": 3}


def test_the_public_event_says_that_a_claim_was_posted(idle_council: Council) -> None:
    take_care(idle_council, a_package(1, assessed="10.00"))
    item = {"item_id": str(uuid.uuid4()), "client_reference": "aaaa", "client_id": ADA, "cpli_id": 1}
    item |= {"amount": "15.00", "worked_out": "23.77", "first_on": "2022-10-04", "last_on": "2022-10-06"}
    item |= {"reason": "Hospital Incentive Payment"}
    body = {"claim_id": str(uuid.uuid4()), "number": 1, "organisation_id": DIAMOND, "contract": "DAPL"}
    items = [item, item | {"item_id": str(uuid.uuid4())}]
    with idle_council.payments() as session:
        take_claim(
            session, Message("1", "claim_accepted", str(uuid.uuid4()), body | {"items": items}, "single")
        )
        ordinals = session.scalars(text("SELECT ordinal FROM items ORDER BY ordinal")).all()
        assert session.scalar(text("SELECT count(*) FROM charges")) == 0
    events = read_events(idle_council)
    posted = data_of(events, "payment.item.posted.v1")
    assert [(one["kind"], one["amount"], one["week"]) for one in posted] == [
        ("claim", "15.00", "2022-10-03")
    ] * 2
    assert list(ordinals) == [0, 1]
    assert [misfit for event in events for misfit in misfits(event)] == []
