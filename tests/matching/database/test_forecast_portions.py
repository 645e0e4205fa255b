"""What a large file would change is matched and priced in portions, and is what it is as a whole (decision 41)."""

from __future__ import annotations

import json
import random
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.files import spooled
from libs.common.files.listed import read_listed
from libs.common.files.objects import read_object
from libs.common.messaging.messages import Message
from services.ingest.files import steps as files_steps
from services.matching.matches import store
from services.matching.matches.forecast import as_said, by_week, forecast_weeks
from services.matching.matches.steps import compute_matches, resolve, visits_from_columns
from services.payments.pricing import forecast as pricing_forecast
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import TESTER, Council
from tests.support.council.delivery import Delivery

DIAMOND = "Diamond Home Care Ltd"
SIZES = (1, 7, 10_000)
DAYS = [f"{day:02}/08/2022" for day in range(1, 20)]


def visits(chance: random.Random, numbers: range) -> list[Any]:
    """Visits of clients who are known and of one who is not, over three weeks."""
    rows = []
    for number in numbers:
        on = chance.choice(DAYS)
        rows.append(
            a_row(
                VisitRef=f"V{number}",
                SSRef=f"A{chance.randint(100000, 100005)}",
                ClientRef="",
                PlannedVisitDate=on,
                DeliveredVisitDate=on,
                Deleted="1" if number % 11 == 0 and number < 40 else "",
                CarerRef=f"C{chance.randint(1, 2)}",
            )
        )
    return rows


def set_up(council: Council) -> tuple[Delivery, Message]:
    """Care and visits in the books, and the question about a file that moves, changes, deletes and adds visits."""
    delivery = Delivery(council, random.Random(0))
    care = [a_care_row(number, SSRef=f"A{100000 + number}") for number in range(1, 6)]
    delivery.import_care(a_care_file(*care))
    delivery.deliver_all()
    council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC1,Ann,Bell\nC2,Bo,Cole\n")
    chance = random.Random(5)
    alone = {"VisitRef": "alone", "SSRef": "A100005", "ClientRef": "", "PlannedVisitDate": "25/08/2022"}
    alone["DeliveredVisitDate"] = alone["PlannedVisitDate"]
    delivery.import_visits(DIAMOND, a_file(a_row(**alone), *visits(chance, range(60))))
    delivery.deliver_all()
    file_id, key = council.upload(
        "visits-files", a_file(a_row(**alone, Deleted="1"), *visits(chance, range(30, 90)))
    )
    with council.sessions["ingest"].begin() as session:
        files_steps.receive_file(
            session, TESTER, file_id=file_id, organisation=DIAMOND, file_name="visits.csv", object_key=key
        )
    delivery.deliver_jobs()
    (asked,) = [message for _, message in delivery.letters if message.event == "visits_checked"]
    return delivery, asked


def said_by(council: Council, service: str, event: str, message: Message, handler: Any) -> Any:
    """The body of the one message that a handler says, which is not kept."""
    with council.sessions[service]() as session:
        handler(session, message)
        session.flush()
        body = session.scalars(
            text(f"SELECT body FROM {service}.outbox WHERE event = :event"), {"event": event}
        ).one()
        session.rollback()
    return json.loads(body)


def test_portions_of_any_size_give_the_forecast_of_the_whole(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, asked = set_up(idle_council)
    found = {}
    for size in SIZES:
        monkeypatch.setattr(spooled, "PORTION", size)
        monkeypatch.setattr(pricing_forecast, "WEEKS_AT_ONCE", size)
        weeks = said_by(idle_council, "matching", "weeks_forecast", asked, forecast_weeks)
        priced = Message(str(uuid.uuid4()), "weeks_forecast", asked.cause_id, weeks, "bulk")
        money = said_by(idle_council, "payments", "file_forecast", priced, pricing_forecast.forecast_payable)
        will_match = weeks["will_match"]
        assert money.pop("will_match") == will_match
        listed = json.loads(read_object(weeks["object_key"]))
        assert [set(week) for week in listed] == [{"cpli_id", "before", "after", "moved"}] * len(listed)
        keys = will_match.pop("unmatched_key"), will_match.pop("duplicates_key")
        rows = [list(read_listed(key)) for key in keys]
        found[size] = sorted(map(in_order, listed), key=json.dumps), money | {"rows": rows, **will_match}
    whole, money = found[SIZES[-1]]
    assert len(whole) > 10
    assert any(week["moved"] for week in whole)
    assert any(not week["after"] for week in whole)
    assert money["moved"] not in ("0.00", money["payable"])
    assert found[1] == found[7] == (whole, money)
    as_one = json.loads(json.dumps(matched_as_one(idle_council, asked)))
    assert whole == sorted(map(in_order, as_one), key=json.dumps)
    unmatched, duplicates = money["rows"]
    assert {reason for _, reason, _ in unmatched} == {"no_package"}
    assert money["matched"] > len(unmatched) > 0
    assert len(duplicates) > 0
    assert money["unmatched"] == [["no_package", len(unmatched), money["amount"]]]
    file_id = uuid.UUID(asked.body["file_id"])
    with idle_council.sessions["ingest"].begin() as session:
        files_steps.confirm_file(session, TESTER, file_id=file_id)
    delivery.deliver_all()
    assert idle_council.books_now()["total_payable"] != "0.00"
    refs = {ref for ref, _, _ in unmatched}
    assert stored_of_file(idle_council, asked) == (refs, money["matched"])


def stored_of_file(council: Council, asked: Message) -> tuple[set[str], int]:
    """The visits of the file that have no match once it was applied, and how many have one."""
    (body,) = read_listed(asked.body["object_key"])
    with council.sessions["matching"]() as session:
        rows = session.execute(
            text("SELECT visit_ref, cpli_id FROM visits WHERE visit_ref = ANY(:refs) AND NOT deleted"),
            {"refs": body["columns"]["visit_ref"]},
        ).all()
    unmatched = {ref for ref, cpli_id in rows if cpli_id is None}
    return unmatched, len(rows) - len(unmatched)


def matched_as_one(council: Council, asked: Message) -> list[dict[str, Any]]:
    """The weeks that the file touches, of all its visits at once."""
    (body,) = read_listed(asked.body["object_key"])
    with council.sessions["matching"]() as session:
        incoming = visits_from_columns(body["columns"])
        known = store.visits_by_ref(session, body["organisation_id"], [visit.visit_ref for visit in incoming])
        resolve(session, incoming)
        outcome = compute_matches(session, body["organisation_id"], incoming, list(known.values()))
        before, after = by_week(outcome.stored.values()), by_week(outcome.visits)
        return [
            {
                "cpli_id": week[0],
                "before": as_said(before.get(week, [])),
                "after": as_said(after.get(week, [])),
                "moved": [
                    visit.visit_ref
                    for visit in before.get(week, [])
                    for now in outcome.visits
                    if now.visit_ref == visit.visit_ref
                    and not now.deleted
                    and (now.monday, now.client_id) != (visit.monday, visit.client_id)
                ],
            }
            for week in sorted({*before, *after})
        ]


def in_order(week: dict[str, Any]) -> dict[str, Any]:
    """A week with its visits in an order, of which they have none of their own."""
    return {name: sorted(value) if isinstance(value, list) else value for name, value in week.items()}
