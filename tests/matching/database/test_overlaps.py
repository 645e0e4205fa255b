"""What overlaps put at stake, and clients with more carers at once than planned, on the database (RULES 16)."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import Caller
from services.matching.doubts.rules import doubts_of_week
from services.matching.doubts.steps import weeks_of
from services.matching.overlaps import views
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Care Ltd"
OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "a manager", "role": "provider", "organisation": str(organisation_id_of(PEARL))}
MONDAY = dt.date(2022, 10, 3)
SUNDAY = MONDAY + dt.timedelta(days=6)
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
PEARLS = {"OrganisationName": PEARL, "ServiceName": "Pearl - APL", "Contract": "APL"}


def told(council: Council, care: list[dict[str, str]], **files: list[tuple[str, ...]]) -> Council:
    """The council when this care and these providers' visits have arrived everywhere."""
    delivery = Delivery(council, random.Random(0))
    delivery.import_care(a_care_file(*care))
    delivery.deliver_all()
    for name, rows in files.items():
        delivery.import_visits({"diamond": DIAMOND, "pearl": PEARL}[name], a_file(*rows))
    delivery.deliver_all()
    return council


def a_visit(
    ref: str, entry: str = "09:00", exit_: str = "10:00", day: int = 3, **cells: str
) -> tuple[str, ...]:
    """A visit of October 2022, delivered as planned."""
    date = f"{day:02}/10/2022"
    days = {"PlannedVisitDate": date, "DeliveredVisitDate": date}
    times = {f"{kind}EntryTime": entry for kind in ("Planned", "Delivered")}
    times |= {f"{kind}ExitTime": exit_ for kind in ("Planned", "Delivered")}
    return a_row(**{"VisitRef": ref, "SSRef": "A100", "ServiceName": ""} | days | times | cells)


@contextmanager
def as_asked_by(council: Council, caller: Caller) -> Iterator[Session]:
    """A transaction as the RPC process has it, with the caller's row-level security."""
    engine = database.engine(council.schemas.url_of("matching_rpc"), "matching", pool_size=1)
    try:
        with database.transaction(database.sessions(engine, "matching"), caller) as session:
            yield session
    finally:
        engine.dispose()


def visit_id(organisation: str, ref: str) -> tuple[uuid.UUID, str]:
    return uuid.UUID(str(organisation_id_of(organisation))), ref


def crowds(session: Session, caller: Caller = OFFICER, limit: int = 2, **more: Any) -> list[Any]:
    """All of them, page by page."""
    asked = {"organisation": None, "client": None, "first": MONDAY, "last": SUNDAY, "limit": limit}
    found: list[Any] = []
    after: Any = None
    while True:
        page = views.more_carers(session, caller, **asked | more, after=after)
        assert len(page["crowds"]) <= limit
        found += page["crowds"]
        if page["after"] is None:
            return found
        organisation, day, client, at = page["after"]
        after = (uuid.UUID(organisation), dt.date.fromisoformat(day), client, at)


def test_money_is_at_stake_at_the_rate_of_the_planned_day(idle_council: Council) -> None:
    care = [
        a_care_row(1, SSRef="A100", UnitCost="23.226"),
        a_care_row(1, SSRef="A100", UnitCost="24.00", EffectiveFrom="04/10/2022"),
        a_care_row(2, SSRef="B1", UnitCost="20.00", **PEARLS),
    ]
    council = told(
        idle_council,
        care,
        diamond=[
            a_visit("V1"),
            a_visit("V2", day=4),
            a_visit("lost", SSRef="A999"),
            an_undelivered_row(VisitRef="off", SSRef="A100", PlannedVisitDate="05/10/2022", ServiceName=""),
        ],
        pearl=[a_visit("P1", SSRef="B1")],
    )
    v1, v2, lost, off = (visit_id(DIAMOND, ref) for ref in ("V1", "V2", "lost", "off"))
    p1, nobodys = visit_id(PEARL, "P1"), visit_id(PEARL, "never sent")
    pairs = [
        {"first": first, "second": second, "seconds": 1800}
        for first, second in ((v1, p1), (v2, v1), (lost, p1), (off, lost), (nobodys, p1))
    ]
    with as_asked_by(council, OFFICER) as session:
        found = views.stakes(session, pairs=pairs)
        assert [stake and (stake["amount"], stake["by_first"]) for stake in found] == [
            ("11.61", True),
            ("12.00", True),
            ("10.00", False),
            None,
            ("10.00", False),
        ]
        assert views.stakes(session, pairs=[]) == []
    with as_asked_by(council, MANAGER) as session:
        own = views.stakes(session, pairs=pairs)
        assert [stake and stake["amount"] for stake in own] == ["10.00", None, "10.00", None, "10.00"]


def test_what_a_visit_type_pays_no_more_is_not_at_stake(idle_council: Council) -> None:
    council = told(idle_council, [a_care_row(1, SSRef="A100")], diamond=[a_visit("V1"), a_visit("V2", day=5)])
    pairs = [
        {"first": visit_id(DIAMOND, ref), "second": visit_id(DIAMOND, "none"), "seconds": 3600}
        for ref in ("V1", "V2")
    ]
    with council.sessions["matching"].begin() as session:
        session.execute(
            text(
                "INSERT INTO visit_type_changes (ref, effective_from, paid, charged, basis, set_by)"
                " VALUES ('DHS', '2022-10-04', false, false, '', 'a tester')"
            )
        )
        found = views.stakes(session, pairs=pairs)
    assert [stake and stake["amount"] for stake in found] == ["20.00", None]


def test_more_carers_than_the_plan_are_found_by_planned_times(idle_council: Council) -> None:
    care = [
        a_care_row(1, SSRef="A100", Quantity="7", Timetable=DAILY),
        a_care_row(2, SSRef="A200", Quantity="14", Timetable=DAILY),
        a_care_row(3, SSRef="A300"),
        a_care_row(4, SSRef="B1", Quantity="7", Timetable=DAILY, **PEARLS),
    ]
    two = ("09:00", "10:00"), ("09:30", "10:30")
    diamond = [a_visit(f"A{number}", *times) for number, times in enumerate(two)]
    diamond += [a_visit(f"B{number}", SSRef="A200", day=4) for number in range(3)]
    diamond += [a_visit(f"fits{number}", SSRef="A200", day=5) for number in range(2)]
    diamond += [a_visit(f"no plan{number}", SSRef="A300") for number in range(2)]
    diamond += [a_visit("alone", day=6), a_visit("after it", "10:00", "11:00", day=6)]
    pearl = [a_visit(f"P{number}", SSRef="B1") for number in range(2)]
    council = told(idle_council, care, diamond=diamond, pearl=pearl)
    with as_asked_by(council, OFFICER) as session:
        found = {one["client"]: one for one in crowds(session, limit=1)}
        assert {
            client: (one["day"], one["at"], one["carers"], one["wanted"]) for client, one in found.items()
        } == {
            "A100": ("2022-10-03", "09:30", 2, 1),
            "A200": ("2022-10-04", "09:00", 3, 2),
            "B1": ("2022-10-03", "09:00", 2, 1),
        }
        assert [(one["ref"], one["entry"], one["exit"]) for one in found["A100"]["visits"]] == [
            ("A0", "09:00", "10:00"),
            ("A1", "09:30", "10:30"),
        ]
        assert [one["client"] for one in crowds(session, client="A200")] == ["A200"]
        assert crowds(session, client="nobody") == []
        assert {one["client"] for one in crowds(session, organisation=DIAMOND)} == {"A100", "A200"}
        assert crowds(session, first=SUNDAY) == []
    with as_asked_by(council, MANAGER) as session:
        assert crowds(session, MANAGER) == [found["B1"]]
        assert crowds(session, MANAGER, client="A100") == []
        with pytest.raises(Refused):
            crowds(session, MANAGER, organisation=DIAMOND)


def test_the_sweep_misses_nothing_that_the_worklist_doubts(idle_council: Council) -> None:
    rnd = random.Random(7)
    clients = [f"A{number}" for number in range(4)]
    care = [
        a_care_row(number, SSRef=ref, Quantity=7 * (1 + number % 2), Timetable=DAILY)
        for number, ref in enumerate(clients, 1)
    ]
    visits = []
    for number in range(120):
        entry = rnd.choice((8, 9, 10, 22, 23)) * 60 + rnd.choice((0, 30, 45))
        leaving = (entry + rnd.choice((15, 30, 60, 120))) % 1440
        times = [f"{minute // 60:02}:{minute % 60:02}" for minute in (entry, leaving)]
        visits.append(a_visit(f"V{number}", *times, day=rnd.randint(3, 9), SSRef=rnd.choice(clients)))
    council = told(idle_council, care, diamond=visits)
    with council.sessions["matching"].begin() as session:
        doubted = {
            (doubt.client, doubt.first_on.isoformat(), doubt.visits)
            for week in weeks_of(session, str(organisation_id_of(DIAMOND)), MONDAY)
            for doubt in doubts_of_week(week)
            if doubt.kind == "more_carers"
        }
        found = crowds(session, limit=3)
    assert doubted
    said = [
        (one["client"], one["day"], tuple(sorted(visit["ref"] for visit in one["visits"]))) for one in found
    ]
    assert len(said) == len(set(said))
    assert set(said) == doubted
