"""Upload, check, then update or cancel (RULES 4), on the real workers."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.files.objects import read_object
from services.ingest.files import steps as files_steps
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.council.council import WHO, Council
from tests.support.run.waiting import wait_until

DIAMOND = "Diamond Home Care Ltd"
CARE = a_care_file(a_care_row(1, SSRef="A123456", UnitCost="30.00"))


def a_visit(ref: str = "V1", **cells: str) -> tuple[str, ...]:
    """An hour on 3 October 2022 as planned: £30.00."""
    hours = {"PlannedEntryTime": "09:00", "PlannedExitTime": "10:00"}
    delivered = {"DeliveredEntryTime": "09:00", "DeliveredExitTime": "10:00"}
    dates = {"PlannedVisitDate": "03/10/2022", "DeliveredVisitDate": "03/10/2022"}
    return a_row(**{"VisitRef": ref} | hours | delivered | dates | cells)


def a_deletion(ref: str) -> tuple[str, ...]:
    return a_row(**dict.fromkeys(EMPTIED, "") | {"VisitRef": ref, "Deleted": "1"})


EMPTIED = [
    "PlannedVisitDate",
    "PlannedEntryTime",
    "PlannedExitTime",
    "VisitType",
    "DeliveredVisitDate",
    "DeliveredEntryTime",
    "DeliveredExitTime",
    "SSRef",
    "ServiceLevel",
    "ServiceName",
]


def counts(document: dict[str, Any]) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: count for name, count in document["counts"].items() if count}


def forecast(council: Council, file_id: str) -> str:
    wait_until(lambda: council.file(file_id)["forecast"] is not None, seconds=30)
    return str(council.file(file_id)["forecast"]["payable"])


def test_a_check_changes_nothing_and_says_what_confirming_would_pay(council: Council) -> None:
    council.import_care(CARE)
    checked = council.check_visits(DIAMOND, a_file(a_visit("V1"), a_visit("V2", VisitType="DH")))
    assert (checked["state"], counts(checked)) == ("checked", {"read": 2, "new": 1, "rejected": 1})
    assert forecast(council, checked["id"]) == "30.00"
    assert council.books()["matched"] == 0
    assert council.confirm(checked["id"])["state"] == "applied"
    assert council.books()["total_payable"] == "30.00"


def test_confirming_twice_applies_once(council: Council) -> None:
    council.import_care(CARE)
    checked = council.check_visits(DIAMOND, a_file(a_visit()))
    assert [council.confirm(checked["id"])["state"] for _ in range(3)] == ["applied"] * 3
    assert (council.books()["total_payable"], council.differences()) == ("30.00", [])


def test_a_cancelled_file_is_dropped_and_can_not_be_confirmed(council: Council) -> None:
    council.import_care(CARE)
    checked = council.check_visits(DIAMOND, a_file(a_visit()))
    with council.sessions["ingest"].begin() as session:
        assert files_steps.cancel_file(session, file_id=uuid.UUID(checked["id"]))["state"] == "cancelled"
    with pytest.raises(Refused, match="cancelled"):
        council.confirm(checked["id"])
    assert council.books()["matched"] == 0


def test_counts_are_worked_out_again_when_another_file_changed_the_same_visits_meanwhile(
    council: Council,
) -> None:
    council.import_care(CARE)
    first = council.check_visits(DIAMOND, a_file(a_visit(), a_visit("V2")))
    second = council.check_visits(DIAMOND, a_file(a_visit(DeliveredExitTime="10:30")))
    council.confirm(second["id"])
    shown_again = council.confirm(first["id"], check_version=first["check_version"], accepts_changes=False)
    assert (shown_again["state"], counts(shown_again)) == ("checked", {"read": 2, "new": 1, "updated": 1})
    assert forecast(council, first["id"]) == "15.00"
    with pytest.raises(Refused) as refused:
        council.confirm(first["id"], check_version=first["check_version"], accepts_changes=False)
    assert refused.value.code == "check_again"
    applied = council.confirm(first["id"], check_version=shown_again["check_version"], accepts_changes=False)
    assert applied["state"] == "applied"
    assert (council.books()["total_payable"], council.differences()) == ("60.00", [])


def test_a_row_that_became_acceptable_is_applied_when_the_caller_accepts_a_new_check(
    council: Council,
) -> None:
    council.import_care(CARE)
    checked = council.check_visits(DIAMOND, a_file(a_visit(CarerRef="C7")))
    assert counts(checked) == {"read": 1, "rejected": 1}
    council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC7,Ann,Bell\n")
    assert counts(council.confirm(checked["id"])) == {"read": 1, "new": 1}


def test_an_override_keeps_every_version_with_who_and_through_which_file(council: Council) -> None:
    council.import_care(CARE)
    files = [
        council.import_visits(DIAMOND, a_file(a_visit(DeliveredExitTime=f"10:0{minute}")))
        for minute in range(3)
    ]
    assert [counts(file) for file in files] == [
        {"read": 1, "new": 1},
        {"read": 1, "updated": 1},
        {"read": 1, "updated": 1},
    ]
    with council.sessions["ingest"].begin() as session:
        rows = session.execute(
            text("SELECT file_id::text, changed_by, delivered_exit FROM visit_versions ORDER BY version")
        ).all()
        now = session.execute(text("SELECT file_id::text, changed_by, delivered_exit FROM visits")).one()
    assert [*map(tuple, rows), tuple(now)] == [(f["id"], WHO, 36_000 + 60 * n) for n, f in enumerate(files)]


def test_deleting_takes_the_money_back_and_sending_again_brings_it_back(council: Council) -> None:
    council.import_care(CARE)
    council.import_visits(DIAMOND, a_file(a_visit()))
    steps = [
        (a_file(a_deletion("V1")), {"read": 1, "deleted": 1}, "0.00"),
        (
            a_file(a_deletion("V1"), an_undelivered_row(VisitRef="V8")),
            {"read": 2, "new": 1, "unchanged": 1},
            "0.00",
        ),
        (a_file(a_visit(), an_undelivered_row(VisitRef="V9")), {"read": 2, "new": 1, "updated": 1}, "30.00"),
        (a_file(a_visit(), a_visit("V2")), {"read": 2, "new": 1, "unchanged": 1}, "60.00"),
    ]
    for content, found, payable in steps:
        assert counts(council.import_visits(DIAMOND, content)) == found
        assert Decimal(council.books()["total_payable"]) == Decimal(payable)
        assert council.differences() == []


def test_the_very_same_file_is_refused_once_it_was_confirmed(council: Council) -> None:
    council.import_care(CARE)
    content = a_file(a_visit())
    assert council.check_visits(DIAMOND, content)["state"] == "checked"
    council.import_visits(DIAMOND, content)
    again = council.check_visits(DIAMOND, content)
    assert (again["state"], again["refusal"]["code"]) == ("refused", "already_imported")
    assert WHO in again["refusal"]["message"]


def test_rejected_rows_can_be_downloaded_corrected_and_sent_again(council: Council) -> None:
    council.import_care(CARE)
    file = council.import_visits(DIAMOND, a_file(a_visit("V1"), a_visit("V2", PlannedVisitDate="soon")))
    rejected = read_object(file["rejected_key"]).decode()
    assert [error["ref"] for error in council.errors(file["id"])] == ["V2"]
    corrected = council.import_visits(DIAMOND, rejected.replace("soon", "04/10/2022"))
    assert counts(corrected) == {"read": 1, "new": 1}
    assert council.books()["total_payable"] == "60.00"


def test_a_visit_of_an_unknown_service_waits_unmatched_and_matches_when_its_care_arrives(
    council: Council,
) -> None:
    service = "Diamond Home Care - Zone 9 - Nowhere"
    council.import_visits(DIAMOND, a_file(a_visit(ServiceName=service)))
    assert council.books()["unmatched"] == {"no_package": 1}
    council.import_care(a_care_file(a_care_row(1, SSRef="A123456", ServiceName=service, UnitCost="30.00")))
    assert council.books()["total_payable"] == "30.00"
    assert council.differences() == []


def test_issues_are_stored_with_the_visit_and_do_not_hold_its_money(council: Council) -> None:
    council.import_care(CARE)
    file = council.import_visits(DIAMOND, a_file(a_visit(VisitType="E")))
    warnings = council.errors(file["id"], is_rejection=False)
    assert counts(file) == {"read": 1, "new": 1, "issues": 1}
    assert {warning["code"] for warning in warnings} == {"missing_comment", "exceptional_under_an_hour"}
    assert council.books()["total_payable"] == "30.00"


def test_a_provider_never_touches_another_providers_visits_of_the_same_reference(council: Council) -> None:
    council.import_care(CARE)
    council.import_visits(DIAMOND, a_file(a_visit()))
    pearl = council.import_visits("Pearl Carers Ltd", a_file(a_visit(ServiceName=""), a_deletion("V2")))
    assert counts(pearl) == {"read": 2, "new": 1, "rejected": 1}
    assert council.books()["payable"] == {DIAMOND: "30.00"}
