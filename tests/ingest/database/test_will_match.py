"""How a checked file will match (RULES 4): counted, and row by row, for as long as that check holds."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from services.ingest.files import steps as files_steps
from services.ingest.files import store as files_store
from services.ingest.files import views
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import TESTER, Council
from tests.support.council.delivery import Delivery

DIAMOND = "Diamond Home Care Ltd"
CARE = a_care_file(a_care_row(1, SSRef="A123456", UnitCost="30.00", StartDate="01/08/2022"))
CARERS = "CarerRef,Forename,Surname\nC1,Ann,Bell\n"


def a_visit(ref: str, day: str = "03/10/2022", **cells: str) -> tuple[str, ...]:
    """An hour on a day: £30.00."""
    hours = {"PlannedEntryTime": "09:00", "PlannedExitTime": "10:00"}
    delivered = {"DeliveredEntryTime": "09:00", "DeliveredExitTime": "10:00"}
    days = {"PlannedVisitDate": day, "DeliveredVisitDate": day}
    return a_row(**{"VisitRef": ref} | hours | delivered | days | cells)


def set_up(council: Council) -> Delivery:
    delivery = Delivery(council, random.Random(0))
    delivery.import_care(CARE)
    delivery.deliver_all()
    council.import_carers(DIAMOND, CARERS)
    return delivery


def checked(delivery: Delivery, *rows: tuple[str, ...]) -> dict[str, Any]:
    """The document of a file that was checked, with its forecast."""
    file_id, key = delivery.council.upload("visits-files", a_file(*rows))
    with delivery.council.sessions["ingest"].begin() as session:
        files_steps.receive_file(
            session, TESTER, file_id=file_id, organisation=DIAMOND, file_name="week.csv", object_key=key
        )
    delivery.deliver_all()
    return delivery.council.file(file_id)


def unmatched(council: Council, file_id: str, **asked: Any) -> list[Any]:
    page = {"reason": None, "after": 0, "limit": 100} | asked
    with council.sessions["ingest"]() as session:
        return list(views.list_unmatched(session, file_id=uuid.UUID(file_id), **page))


def duplicates(council: Council, file_id: str, **asked: Any) -> list[Any]:
    page = {"after": 0, "limit": 100} | asked
    with council.sessions["ingest"]() as session:
        return list(views.list_duplicates(session, file_id=uuid.UUID(file_id), **page))


def test_a_file_says_how_its_visits_will_match_and_which_will_not(idle_council: Council) -> None:
    delivery = set_up(idle_council)
    file = checked(
        delivery,
        a_visit("V1"),
        a_visit("V2", SSRef="Z999999", VisitType="DH"),
        a_visit("V3", SSRef="Z999999"),
        a_visit("V4", "31/07/2022"),
        a_visit("V5", SSRef="Z999999", VisitType="C24", **NOT_DELIVERED),
        a_visit("V6", ServiceName="Another"),
    )
    assert file["forecast"] == {
        "payable": "30.00",
        "matched": 1,
        "unmatched": {"no_package": 2, "before_start": 1, "wrong_service": 1},
    }
    assert file["will_match"] == {
        "matched": 1,
        "apart": 0,
        "unmatched": [
            {"reason": "no_package", "visits": 2, "amount": "30.00"},
            {"reason": "before_start", "visits": 1, "amount": "30.00"},
            {"reason": "wrong_service", "visits": 1, "amount": "30.00"},
        ],
        "amount": "90.00",
        "duplicates": 0,
    }
    rows = unmatched(idle_council, file["id"])
    assert [(one["row"], one["ref"], one["reason"], one["amount"]) for one in rows] == [
        (4, "V3", "no_package", "30.00"),
        (5, "V4", "before_start", "30.00"),
        (6, "V5", "no_package", "0.00"),
        (7, "V6", "wrong_service", "30.00"),
    ]
    assert rows[0] | {"service": "", "service_level": ""} == {
        "row": 4,
        "ref": "V3",
        "is_new": True,
        "client": "Z999999",
        "planned_on": "2022-10-03",
        "service": "",
        "service_level": "",
        "reason": "no_package",
        "amount": "30.00",
    }
    of_one = unmatched(idle_council, file["id"], reason="no_package", after=4, limit=1)
    assert [one["ref"] for one in of_one] == ["V5"]


NOT_DELIVERED = {
    "DeliveredVisitDate": "",
    "DeliveredEntryTime": "",
    "DeliveredExitTime": "",
    "Comments": "In good time.",
}


def test_possible_duplicates_are_named_with_both_refs_in_the_file_and_of_stored_visits(
    idle_council: Council,
) -> None:
    delivery = set_up(idle_council)
    delivery.import_visits(DIAMOND, a_file(a_visit("OLD", CarerRef="C1")))
    delivery.deliver_all()
    afternoon = {"PlannedEntryTime": "15:00", "PlannedExitTime": "16:00", "CarerRef": "C1"}
    file = checked(
        delivery,
        a_visit("V2", **afternoon),
        a_visit("NEW", CarerRef="C1"),
        a_visit("V1", **afternoon),
        a_visit("V3"),
        a_visit("V4"),
    )
    assert file["will_match"]["duplicates"] == 2
    found = [
        (one["row"], one["ref"], one["other_row"], one["other_ref"])
        for one in duplicates(idle_council, file["id"])
    ]
    assert found == [(2, "V2", 4, "V1"), (3, "NEW", None, "OLD")]
    (one,) = duplicates(idle_council, file["id"], after=2)
    assert (one["client"], one["carer_ref"], one["planned_on"]) == ("A123456", "C1", "2022-10-03")
    assert (one["planned_entry"], one["planned_exit"]) == ("09:00", "10:00")


def test_a_visit_that_the_file_deletes_is_no_duplicate_of_its_successor(idle_council: Council) -> None:
    delivery = set_up(idle_council)
    delivery.import_visits(DIAMOND, a_file(a_visit("OLD", CarerRef="C1")))
    delivery.deliver_all()
    file = checked(delivery, a_visit("OLD", CarerRef="C1", Deleted="1"), a_visit("NEW", CarerRef="C1"))
    assert file["will_match"]["duplicates"] == 0
    assert file["forecast"] == {"payable": "0.00", "matched": 1, "unmatched": {}}


def test_a_file_that_changes_nothing_matches_nothing(idle_council: Council) -> None:
    delivery = set_up(idle_council)
    for _ in range(2):
        file = checked(delivery, a_visit("V1"), a_visit("V2", VisitType="DH"))
        if file["state"] == "checked" and file["counts"]["new"]:
            confirm(delivery, file["id"])
    assert file["forecast"] in (None, {"payable": "0.00", "matched": 0, "unmatched": {}})


def test_another_check_forgets_how_the_one_before_would_match(idle_council: Council) -> None:
    delivery = set_up(idle_council)
    file = checked(delivery, a_visit("V1", SSRef="Z999999"), a_visit("V2"))
    assert len(unmatched(idle_council, file["id"])) == 1
    delivery.import_visits(DIAMOND, a_file(a_visit("V1")))
    delivery.deliver_all()
    with idle_council.sessions["ingest"].begin() as session:
        files_steps.confirm_file(session, TESTER, file_id=uuid.UUID(file["id"]))
    delivery.deliver_jobs()
    again = idle_council.file(file["id"])
    assert (again["state"], again["forecast"], again["will_match"]) == ("checked", None, None)
    assert unmatched(idle_council, file["id"]) == []
    delivery.deliver_all()
    (row,) = unmatched(idle_council, file["id"])
    assert (row["ref"], row["is_new"]) == ("V1", False)


def test_what_is_kept_row_by_row_goes_with_the_staged_rows(idle_council: Council) -> None:
    delivery = set_up(idle_council)
    file = checked(delivery, a_visit("V1", SSRef="Z999999"))
    confirm(delivery, file["id"])
    with idle_council.sessions["ingest"].begin() as session:
        now = session.scalar(text("SELECT now() + interval '1 minute'"))
        assert now is not None
        assert files_store.forget_staged(session, now) == 1
        left = session.scalar(text("SELECT count(*) FROM unmatched_forecasts"))
    assert left == 0


def confirm(delivery: Delivery, file_id: str) -> None:
    with delivery.council.sessions["ingest"].begin() as session:
        files_steps.confirm_file(session, TESTER, file_id=uuid.UUID(file_id))
    delivery.deliver_all()


def test_nobody_learns_how_a_file_that_is_not_theirs_will_match(idle_council: Council) -> None:
    with pytest.raises(Refused, match="no visits file"):
        unmatched(idle_council, str(uuid.uuid4()))
    with pytest.raises(Refused, match="no visits file"):
        duplicates(idle_council, str(uuid.uuid4()))
