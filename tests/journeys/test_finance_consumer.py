"""The example finance system beside a working council: it rebuilds each organisation's total from the events alone."""

import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pika
import pytest
from sqlalchemy import text

from deploy.ops.broker import consumer_queue, prepare, user_urls
from libs.common.care.weeks import next_period, period_start_of
from libs.common.messaging.amqp import a_channel
from libs.common.messaging.topology import PUBLIC, PUBLIC_ARCHIVE
from libs.common.rpc import Caller
from services.payments.holds import week_steps
from services.payments.invoices import crediting
from services.payments.invoices import steps as invoices_steps
from services.payments.periods import views as periods_views
from services.payments.runs import steps as runs_steps
from tests.journeys.test_cases import CASES, a_made_council
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.messages import MONDAY
from tests.support.council.council import Council
from tests.support.events.archive import archived_events, read_archive
from tests.support.events.asyncapi import described_types, document, misfits
from tests.support.events.finance_system import FinanceSystem, assert_agrees
from tests.support.run.killable import KillableBroker
from tests.support.run.schemas import PASSWORDS
from tests.support.run.waiting import wait_until

OWN = consumer_queue("finance")


@pytest.fixture
def council(idle_council: Council, vhost: str) -> Iterator[Council]:
    """A council at work whose archive holds its own events alone."""
    with idle_council.working(vhost):
        yield idle_council


@pytest.fixture
def finance(vhost: str, rabbitmq: Any, tmp_path: Path) -> FinanceSystem:
    """A finance system with its own user on the council's broker."""
    prepare(vhost, rabbitmq.management, PASSWORDS)
    return FinanceSystem(user_urls(vhost, PASSWORDS)["finance"], tmp_path)


@pytest.fixture
def files(council: Council, tmp_path: Path) -> Iterator[Any]:
    """A council with its care, and its visits files one after the other: next(files) imports one."""
    return visits_of(council, tmp_path)


def visits_of(council: Council, folder: Path) -> Iterator[Any]:
    made = a_made_council(folder / "council", "--clients", "60", "--seed", "3", "--weeks", "2")
    council.import_care((made / "care.csv").read_bytes())
    for carers in sorted((made / "carers").iterdir()):
        council.import_carers(f"{carers.stem} Ltd", carers.read_bytes())
    for visits in sorted((made / "visits").glob("*/*.csv")):
        yield council.import_visits(f"{visits.parent.name} Ltd", visits.read_bytes())


def said_count(council: Council) -> int:
    """How many public events there are until now, when all that was sent is processed."""
    council.books()
    with council.payments() as session:
        return int(session.scalar(text("SELECT sum(last_number) FROM public_sequences")) or 0)


def test_it_agrees_with_the_books_also_after_it_was_away_and_after_repeats(
    council: Council, finance: FinanceSystem, files: Iterator[Any], vhost: str
) -> None:
    next(files)
    said_count(council)
    finance.hear()
    assert_agrees(finance, council)

    next(files)  # away for a while: its queue has kept all
    said_count(council)
    finance.hear()
    assert_agrees(finance, council)

    next(files)  # away too long: its queue has dropped them, the archive has not
    read_archive(vhost, said_count(council))
    with a_channel(vhost, "a test") as channel:
        channel.queue_purge(OWN)
    finance.hear()
    assert_agrees(finance, council)

    with a_channel(vhost, "a test") as channel:  # as after a relay that died between sending and deleting
        for properties, body in read_archive(vhost, said_count(council)):
            channel.basic_publish(PUBLIC, properties.type, body, properties)
    finance.hear()
    assert_agrees(finance, council)


def test_a_gap_that_it_meets_while_it_hears_is_closed_from_the_archive(
    council: Council, finance: FinanceSystem, files: Iterator[Any], vhost: str
) -> None:
    next(files)
    before = said_count(council)
    read_archive(vhost, before)
    running = finance.start()
    try:
        wait_until(lambda: finance_has(finance, council), 60)
        with a_channel(vhost, "a test") as channel:
            channel.queue_unbind(OWN, PUBLIC, "#")
            next(files)
            read_archive(vhost, said_count(council))
            channel.queue_bind(OWN, PUBLIC, "#")
        council.finalise(first_period(council))  # says more in each stream, so that the gap shows
        wait_until(lambda: finance_has(finance, council), 60)
    finally:
        running.terminate()
        running.wait(10)
    assert finance.totals()["remitted"]


def finance_has(finance: FinanceSystem, council: Council) -> bool:
    try:
        assert_agrees(finance, council)
    except AssertionError:
        return False
    return True


def accept_and_credit(council: Council) -> None:
    """An invoice of a week of care is accepted, and a part of it credited."""
    week = {"StartDate": "01/08/2022", "EndDate": "07/08/2022", "PaymentMethod": "Invoice"}
    spot = {"ServiceName": "Diamond Home Care - Spot", "Contract": "Spot", "SSRef": "INV1"}
    council.import_care(a_care_file(a_care_row(999_001, **week | spot)))
    council.books()
    about: dict[str, Any] = {"number": "1", "organisation": "Diamond Home Care Ltd"}
    monday = date(2022, 8, 1)
    period = {"start": period_start_of(monday), "contract": "Spot", "invoice_id": uuid.uuid4()}
    line = {"cpli_id": 999_001, "monday": monday, "amount": Decimal(40), "reason": "Too much"}
    with council.payments() as s:
        invoices_steps.create_invoice(s, FINANCE, **about | period)
    with council.payments() as s:
        invoices_steps.submit_invoice(s, FINANCE, move_id=uuid.uuid4(), **about)
    with council.payments() as s:
        invoices_steps.accept_invoice(s, FINANCE, move_id=uuid.uuid4(), **about, seen=Decimal(140))
    with council.payments() as s:
        credit = crediting.credit_invoice(s, FINANCE, credit_id=uuid.uuid4(), **about, **line)
    about["number"] = credit["number"]
    with council.payments() as s:
        invoices_steps.submit_invoice(s, FINANCE, move_id=uuid.uuid4(), **about)
    with council.payments() as s:
        invoices_steps.accept_invoice(s, FINANCE, move_id=uuid.uuid4(), **about, seen=Decimal(-40))


def first_period(council: Council) -> Any:
    with council.payments() as session:
        return period_start_of(MONDAY.fromisoformat(periods_views.list_periods(session)[0]["start"]))


def approve_a_run(council: Council) -> None:
    """One person prepares a payment run of the first period, another approves it."""
    run_id, one = uuid.uuid4(), {"role": "council", "organisation": None}
    with council.payments() as session:
        runs_steps.prepare_run(
            session, {"who": "finance", **one}, run_id=run_id, start=first_period(council), contract=None
        )
    with council.payments() as session:
        runs_steps.approve_run(session, {"who": "approver", **one}, run_id=run_id)


FINANCE: Caller = {"who": "finance", "role": "council", "organisation": None}


def hold(council: Council, cpli_id: int, monday: date, kind: str) -> None:
    """Hold a CPLI's week."""
    said: Any = {"kind": kind, "charge": None, "reason": "Looked into", "owner": "finance", "seen": None}
    with council.payments() as session:
        week_steps.place(session, FINANCE, cpli_id=cpli_id, monday=monday, **said)


def payable_of(council: Council) -> dict[str, str]:
    """What stands as payable of each organisation."""
    with council.payments() as session:
        rows = session.execute(
            text(
                "SELECT organisation_id::text, sum(amount)::text FROM item_lines WHERE status = 'payable' GROUP BY 1"
            )
        )
        return {organisation_id: amount for organisation_id, amount in rows if amount != "0.00"}


def test_it_pays_nothing_that_is_held_and_all_that_is_released(
    council: Council, finance: FinanceSystem, files: Iterator[Any]
) -> None:
    next(files)
    council.books()
    with council.payments() as session:
        rows = session.execute(
            text("SELECT cpli_id, monday FROM weeks WHERE actual > 0 ORDER BY cpli_id, monday LIMIT 6")
        )
        weeks = [(row.cpli_id, row.monday) for row in rows]
    for (cpli_id, monday), kind in zip(weeks, ("cancel", "suspend", "carry-forward") * 2, strict=True):
        hold(council, cpli_id, monday, kind)
    next(files)
    council.books()
    finance.hear()
    assert finance.totals()["due"] == payable_of(council)
    assert finance.totals()["held"]
    council.finalise(first_period(council))
    for cpli_id, monday in (weeks[0], weeks[1]):
        facts: Any = {"charge": None, "reason": "Settled", "owner": None, "seen": None}
        with council.payments() as session:
            week_steps.release(session, FINANCE, cpli_id=cpli_id, monday=monday, **facts)
    council.books()
    council.finalise(next_period(first_period(council)))
    council.books()
    finance.hear()
    assert_agrees(finance, council)
    assert finance.totals()["due"] == payable_of(council)


def test_every_event_sent_is_described_and_every_event_described_is_sent(
    council: Council, vhost: str
) -> None:
    council.import_care((CASES / "example-week" / "care.csv").read_bytes())
    visits = CASES / "example-week" / "visits" / "Diamond Home Care" / "2022-08-01.csv"
    council.import_visits("Diamond Home Care Ltd", visits.read_bytes())
    council.books()
    hold(council, 156018, date(2022, 8, 1), "suspend")
    accept_and_credit(council)
    council.books()
    council.finalise(first_period(council))
    approve_a_run(council)
    found = read_archive(vhost, said_count(council))
    events = archived_events(vhost, len(found))
    assert [(event["id"], misfits(event)) for event in events if misfits(event)] == []
    assert {event["type"] for event in events} == described_types()
    for (properties, _), event in zip(found, events, strict=True):
        assert (properties.message_id, properties.type) == (event["id"], event["type"])
        assert properties.content_type == document()["defaultContentType"]
        assert properties.delivery_mode == pika.DeliveryMode.Persistent.value
    channels = {channel["address"] for channel in document()["channels"].values()}
    assert channels == {PUBLIC, PUBLIC_ARCHIVE, OWN}


def test_each_stream_is_sent_in_the_order_of_its_numbers(
    council: Council, files: Iterator[Any], vhost: str
) -> None:
    for _ in files:
        pass
    last: dict[str, int] = {}
    for event in archived_events(vhost, said_count(council)):
        assert int(event["sequence"]) == last.get(event["partitionkey"], 0) + 1
        last[event["partitionkey"]] = int(event["sequence"])
    assert len(last) > 2


def test_it_agrees_after_the_broker_was_killed_under_it(
    idle_council: Council, killable: KillableBroker, killable_vhost: str, tmp_path: Path
) -> None:
    prepare(killable_vhost, killable.server.management, PASSWORDS)
    finance = FinanceSystem(user_urls(killable_vhost, PASSWORDS)["finance"], tmp_path)
    running = finance.start()
    try:
        with idle_council.working(killable_vhost):
            files = visits_of(idle_council, tmp_path)
            next(files)
            wait_until(lambda: finance.totals()["cost"], 30)
            killable.kill()
            killable.start()
            next(files)
            idle_council.books()
            wait_until(lambda: finance_has(finance, idle_council), 60)
    finally:
        running.terminate()
        running.wait(10)
