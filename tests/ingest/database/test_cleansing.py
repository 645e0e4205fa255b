"""What of a provider's rows fits nothing, from stored, staged and rejected rows; and who sees it (RULES 16)."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.orm import Session

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import Caller
from services.ingest.cleansing import views
from services.ingest.files import steps as files_steps
from services.matching.cleansing import views as clients_views
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import TESTER, Council
from tests.support.council.delivery import Delivery

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Care Ltd"
OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
MONDAY, SUNDAY = dt.date(2022, 10, 3), dt.date(2022, 10, 9)
PEARLS = {"OrganisationName": PEARL, "ServiceName": "Pearl - APL", "Contract": "APL"}
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", Forename="Mona", Surname="Lee"),
    a_care_row(2, SSRef="A123465", Forename="Ann", Surname="Ray", **PEARLS),
)
ROWS: list[dict[str, str]] = [
    {"VisitRef": "fits"},
    {"VisitRef": "slip", "SSRef": "A132456"},
    {"VisitRef": "pearl's", "SSRef": "A123465"},
    {"VisitRef": "owl", "ServiceName": "Diamond Home Care DAPL Oxfrd"},
    {"VisitRef": "level", "ServiceLevel": "Personnal Care", "SSRef": "A132456"},
    {"VisitRef": "level 2", "ServiceLevel": "Personnal Care"},
    {"VisitRef": "carer", "CarerRef": "C11"},
    {"VisitRef": "another week", "SSRef": "Z1", "PlannedVisitDate": "10/10/2022"},
    {"VisitRef": "bad another week", "CarerRef": "C99", "PlannedVisitDate": "10/10/2022"},
]


def a_visits_file(*rows: dict[str, str]) -> str:
    day = {"PlannedVisitDate": "03/10/2022", "DeliveredVisitDate": "03/10/2022"}
    return a_file(*(a_row(**{"SSRef": "A123456", **day, **row}) for row in rows))


@pytest.fixture
def delivery(idle_council: Council) -> Delivery:
    """A council with care and carers, of which all have heard."""
    found = Delivery(idle_council, random.Random(0))
    found.import_care(CARE)
    found.deliver_all()
    idle_council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC1,Ann,Lee\n")
    found.deliver_all()
    return found


def check_only(delivery: Delivery, content: str) -> str:
    """A file that is checked and not confirmed; its id."""
    file_id, key = delivery.council.upload("visits-files", content)
    facts = {"organisation": DIAMOND, "file_name": "trial.csv", "object_key": key}
    with delivery.council.sessions["ingest"].begin() as session:
        files_steps.receive_file(session, TESTER, file_id=file_id, **facts)
    delivery.deliver_jobs()
    return str(file_id)


@contextmanager
def as_asked_by(council: Council, service: str, caller: Caller) -> Iterator[Session]:
    """A transaction as the RPC process has it, with the caller's row-level security."""
    engine = database.engine(council.schemas.url_of(f"{service}_rpc"), service, pool_size=1)
    try:
        with database.transaction(database.sessions(engine, service), caller) as session:
            yield session
    finally:
        engine.dispose()


def manager(organisation: str) -> Caller:
    return {"who": "a manager", "role": "provider", "organisation": str(organisation_id_of(organisation))}


def found_by(council: Council, caller: Caller, **asked: Any) -> Any:
    with as_asked_by(council, "ingest", caller) as session:
        rows = {"organisation": None, "file_id": None, "first": MONDAY, "last": SUNDAY} | asked
        return views.cleansing(session, caller, **rows)


def rows_of(council: Council, kind: str, written: str, **asked: Any) -> list[tuple[str, str, int | None]]:
    rows = {"organisation": DIAMOND, "file_id": None, "first": MONDAY, "last": SUNDAY} | asked
    with as_asked_by(council, "ingest", OFFICER) as session:
        found = views.list_naming_rows(session, OFFICER, **rows, kind=kind, written=written)
    return [(row["visit_ref"], row["state"], row["row"]) for row in found["rows"]]


def misfits_of(found: Any) -> list[tuple[str, str, int, list[str]]]:
    return [(one["kind"], one["written"], one["visits"], one["nearest"]) for one in found["misfits"]]


def clients_of(found: Any) -> dict[tuple[str, str], int]:
    return {(one["mark"], one["written"]): one["visits"] for one in found["clients"]}


EXPECTED = [
    ("levels", "Personnal Care", 2, ["Personal Care"]),
    ("services", "Diamond Home Care DAPL Oxfrd", 1, ["Diamond Home Care - DAPL Oxford"]),
    ("carers", "C11", 1, ["C1"]),
]


def test_a_trial_file_and_its_visits_later_say_the_same(delivery: Delivery) -> None:
    council = delivery.council
    file_id = check_only(delivery, a_visits_file(*ROWS))
    before = found_by(council, manager(DIAMOND))
    assert misfits_of(before) == EXPECTED
    assert clients_of(before) == {
        ("S", "A123456"): 2,
        ("S", "A132456"): 1,
        ("S", "A123465"): 1,
        ("", "A132456"): 1,
        ("", "A123456"): 2,
    }
    assert rows_of(council, "services", EXPECTED[1][1]) == [("owl", "to confirm", 5)]
    assert rows_of(council, "clients", "A132456") == [("slip", "to confirm", 3), ("level", "rejected", 6)]

    with council.sessions["ingest"].begin() as session:
        files_steps.confirm_file(session, TESTER, file_id=uuid.UUID(file_id), accepts_changes=True)
    delivery.deliver_all()
    assert found_by(council, OFFICER, organisation=DIAMOND) == before
    assert rows_of(council, "clients", "A132456") == [("slip", "stored", None), ("level", "rejected", 6)]
    assert rows_of(council, "levels", "Personnal Care") == [
        ("level", "rejected", 6),
        ("level 2", "rejected", 7),
    ]
    assert rows_of(council, "carers", "C99") == []
    assert rows_of(council, "carers", "C99", file_id=uuid.UUID(file_id)) == [
        ("bad another week", "rejected", 10)
    ]


def test_a_file_has_all_of_its_days_and_belongs_to_its_provider(delivery: Delivery) -> None:
    file_id = uuid.UUID(check_only(delivery, a_visits_file(*ROWS)))
    of_file = {"file_id": file_id, "first": None, "last": None}
    found = found_by(delivery.council, OFFICER, **of_file)
    assert [one[1] for one in misfits_of(found)] == ["Personnal Care", EXPECTED[1][1], "C11", "C99"]
    assert clients_of(found)["S", "Z1"] == 1
    for caller, asked in ((manager(PEARL), of_file), (OFFICER, {**of_file, "organisation": PEARL})):
        with pytest.raises(Refused) as refused:
            found_by(delivery.council, caller, **asked)
        assert refused.value.code == "not_found"


def test_a_second_trial_takes_the_place_of_the_first(delivery: Delivery) -> None:
    check_only(delivery, a_visits_file(*ROWS))
    mended = [{"VisitRef": "level"}, {"VisitRef": "slip"}, {"VisitRef": "owl", "CarerRef": "C11"}]
    check_only(delivery, a_visits_file(*mended))
    found = found_by(delivery.council, OFFICER, organisation=DIAMOND)
    assert [(one[1], one[2]) for one in misfits_of(found)] == [
        ("Personnal Care", 1),
        (EXPECTED[1][1], 1),
        ("C11", 2),
    ]
    assert ("S", "A132456") not in clients_of(found)


def test_what_was_mended_is_not_listed_any_more(delivery: Delivery) -> None:
    delivery.import_visits(DIAMOND, a_visits_file(*ROWS))
    delivery.import_visits(
        DIAMOND,
        a_visits_file(
            {"VisitRef": "level"}, {"VisitRef": "slip"}, {"VisitRef": "level 2", "ServiceLevel": "Nursing?"}
        ),
    )
    delivery.council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC11,Bob,Ray\n")
    delivery.deliver_all()
    found = found_by(delivery.council, OFFICER, organisation=DIAMOND)
    assert [(one[1], one[2]) for one in misfits_of(found)] == [
        ("Nursing?", 1),
        (EXPECTED[1][1], 1),
    ]
    assert ("S", "A132456") not in clients_of(found)


def test_the_council_says_whose_rows_and_a_stranger_sees_none(delivery: Delivery) -> None:
    delivery.import_visits(DIAMOND, a_visits_file(*ROWS))
    with pytest.raises(Refused) as refused:
        found_by(delivery.council, OFFICER)
    assert refused.value.code == "organisation_wanted"
    with pytest.raises(Refused) as refused:
        found_by(delivery.council, manager(PEARL), organisation=DIAMOND)
    assert refused.value.code == "not_found"
    nothing = found_by(delivery.council, manager(PEARL))
    assert (nothing["misfits"], nothing["clients"]) == ([], [])
    assert found_by(delivery.council, manager("Never Heard Of Ltd"))["organisation"] == ""


def test_nearest_clients_are_the_providers_own(delivery: Delivery) -> None:
    council = delivery.council
    written = [{"mark": "S", "written": ref} for ref in ("A123456", "A132456", "A123465", "Z1")]

    def unknown(caller: Caller, organisation: str | None) -> dict[str, tuple[list[Any], bool]]:
        with as_asked_by(council, "matching", caller) as session:
            found = clients_views.list_unknown_clients(
                session, caller, organisation=organisation, written=written
            )
        return {one["written"]: (one["nearest"], one["is_elsewhere"]) for one in found}

    mona = [{"reference": "A123456", "name": "Mona Lee"}]
    to_council = {"A132456": (mona, False), "A123465": (mona, True), "Z1": ([], False)}
    assert unknown(OFFICER, DIAMOND) == to_council
    assert unknown(manager(DIAMOND), None) == {**to_council, "A123465": (mona, False)}
    with pytest.raises(Refused):
        unknown(manager(DIAMOND), PEARL)
    with pytest.raises(Refused) as refused:
        unknown(OFFICER, None)
    assert refused.value.code == "organisation_wanted"
