"""Disputes on a real PostgreSQL: raised once, overdue, resolved in bulk, and their visits withdrawn (RULES 9)."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.actuals import ActualLine
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from services.disputes.cases import steps as cases_steps
from services.disputes.cases import views as cases_views
from services.disputes.disputes import steps as disputes_steps
from services.disputes.disputes import views as disputes_views
from services.disputes.disputes.rules import ACTUAL_WITHDRAWN, WITHDRAWN
from services.ingest.actuals import steps as actuals_steps
from services.ingest.actuals import views as actuals_views
from services.ingest.visits import views as visits_views
from tests.disputes.database.test_cases import MANAGER, NOW, OFFICER, STRANGER, Do, do
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.messages import DIAMOND, MONDAY
from tests.support.builders.visit_files import a_file
from tests.support.council.council import Council

__all__ = ["do"]

SUNDAY = MONDAY + dt.timedelta(days=6)
LATE = NOW + dt.timedelta(days=9)
NOTHING = {"organisation_id": None, "states": [], "turn": None, "client": None, "cpli_id": None}
NOTHING |= {"first_on": None, "last_on": None, "order": "newest", "after": None, "limit": 10}


def a_dispute(*refs: str, **facts: Any) -> dict[str, Any]:
    """A dispute to raise, on these visits."""
    said = [{"visit_ref": ref, "version": 1, "deleted": False, "values": {"Comments": ""}} for ref in refs]
    whose = {"organisation_id": uuid.UUID(DIAMOND), "client_reference": "A123456"}
    words = {"reason": "Missing Comment", "words": "Why was it longer?"}
    return {"case_id": uuid.uuid4(), "visits": said, **whose, **words} | facts


def raise_disputes(do: Do, *wanted: dict[str, Any]) -> list[uuid.UUID]:
    found = do(disputes_steps.raise_disputes, OFFICER, disputes=list(wanted), now=NOW)
    return [uuid.UUID(one) for one in found]


def test_many_are_raised_at_once_and_a_form_sent_twice_raises_none_again(do: Do) -> None:
    week = a_dispute(cpli_id=7, monday=MONDAY, facts={"actual": {"cost": {"actual": "70.84"}}})
    wanted = [a_dispute("V1", "V2"), a_dispute("V3", first_on=MONDAY, last_on=MONDAY), week]
    assert raise_disputes(do, *wanted) == [one["case_id"] for one in wanted]
    assert raise_disputes(do, *wanted) == []
    found = do(disputes_views.find_dispute, MANAGER, case_id=wanted[0]["case_id"], now=NOW)
    assert [(one["visit_ref"], one["snapshot"]["values"]) for one in found["visits"]] == [
        ("V1", {"Comments": ""}),
        ("V2", {"Comments": ""}),
    ]
    assert (found["state"], found["subject"]) == ("In Dispute", "Missing Comment")
    of_week = do(disputes_views.find_dispute, MANAGER, case_id=week["case_id"], now=NOW)
    assert (of_week["first_on"], of_week["last_on"]) == ("2022-10-03", "2022-10-09")
    assert of_week["facts"] == {"monday": "2022-10-03", "actual": {"cost": {"actual": "70.84"}}}
    with pytest.raises(Refused, match="not_found"):
        do(disputes_views.find_dispute, STRANGER, case_id=week["case_id"], now=NOW)
    with pytest.raises(Refused, match="not_allowed"):
        do(disputes_steps.raise_disputes, MANAGER, disputes=[a_dispute("V9")], now=NOW)


def test_what_is_in_dispute_for_a_reason_is_not_disputed_again_for_it_until_that_is_over(do: Do) -> None:
    (first,) = raise_disputes(do, a_dispute("V1"))
    raise_disputes(do, a_dispute(cpli_id=7, monday=MONDAY))
    with pytest.raises(Refused, match="Visit V1 is in dispute already for the reason Missing Comment"):
        raise_disputes(do, a_dispute("V2"), a_dispute("V1", "V3"))
    with pytest.raises(Refused, match="This week of care package line item 7 is in dispute already"):
        raise_disputes(do, a_dispute(cpli_id=7, monday=MONDAY))
    with pytest.raises(Refused, match="named twice"):
        raise_disputes(do, a_dispute("V4"), a_dispute("V4"))
    refs = [(uuid.UUID(DIAMOND), "V1"), (uuid.UUID(DIAMOND), "V2")]
    assert [row["case_id"] for row in do(of_visits, OFFICER, refs=refs)] == [str(first)]
    assert do(of_visits, STRANGER, refs=refs) == []
    raise_disputes(do, a_dispute("V1", reason="Incorrect Data"))
    make_move(do, first, "take_back")
    assert len(raise_disputes(do, a_dispute("V1"))) == 1


def test_of_officers_who_raise_the_same_at_once_one_does(do: Do) -> None:
    def try_to_raise(_: int) -> str:
        try:
            return f"raised {len(raise_disputes(do, a_dispute('V1')))}"
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(4) as officers:
        found = sorted(officers.map(try_to_raise, range(4)))
    assert found == ["already_disputed"] * 3 + ["raised 1"]


def test_the_council_waits_for_an_answer_or_for_the_end_of_seven_days(do: Do) -> None:
    (case_id,) = raise_disputes(do, a_dispute("V1"))
    for move in ("resolve", "withdraw"):
        assert not make_move(do, case_id, move)
    assert do(cases_views.list_cases, OFFICER, kind="dispute", now=NOW, is_overdue=True, **NOTHING) == []
    (late,) = do(cases_views.list_cases, OFFICER, kind="dispute", now=LATE, is_overdue=True, **NOTHING)
    assert (late["is_overdue"], late["allowed"]) == (True, ["resolve", "withdraw", "take_back"])
    assert make_move(do, case_id, "request_resolution", MANAGER, LATE)
    assert not make_move(do, case_id, "withdraw", now=LATE)
    assert make_move(do, case_id, "ask_again", now=LATE)
    again = do(disputes_views.find_dispute, OFFICER, case_id=case_id, now=LATE)
    assert dt.datetime.fromisoformat(again["due_at"]) == dt.datetime(2022, 10, 28, 23, tzinfo=dt.UTC)


def test_many_are_resolved_at_once_and_what_is_not_answered_is_left(do: Do) -> None:
    answered, unanswered = raise_disputes(do, a_dispute("V1"), a_dispute("V2"))
    make_move(do, answered, "request_resolution", MANAGER)
    asked = {"case_ids": [answered, unanswered], "message_id": uuid.uuid4(), "words": "Thank you."}
    with pytest.raises(Refused, match="not_allowed"):
        do(disputes_steps.resolve_disputes, MANAGER, now=NOW, **asked)
    for _ in range(2):
        found = do(disputes_steps.resolve_disputes, OFFICER, now=NOW, **asked)
        assert found == {"resolved": [DIAMOND], "left": [str(unanswered)]}
    assert do(disputes_views.find_dispute, OFFICER, case_id=answered, now=NOW)["state"] == "Resolved"
    assert do(disputes_views.find_dispute, OFFICER, case_id=unanswered, now=NOW)["state"] == "In Dispute"


def test_withdrawn_visits_are_deleted_with_the_reason_and_their_money_is_taken_back(council: Council) -> None:
    diamond = "Diamond Home Care Ltd"
    council.import_care(a_care_file(a_care_row(1, SSRef="A123456", UnitCost="30.00")))
    council.import_visits(diamond, a_file(a_visit("V1"), a_visit("V2"), a_visit("V3")))
    assert council.books()["total_payable"] == "90.00"
    organisation_id = organisation_id_of(diamond)
    dispute = a_dispute("V1", "V2", "gone", organisation_id=organisation_id)
    sessions, asked = (
        council.sessions["disputes"],
        {"case_id": dispute["case_id"], "message_id": uuid.uuid4()},
    )
    with sessions.begin() as session:
        disputes_steps.raise_disputes(session, OFFICER, disputes=[dispute], now=NOW)
    assert council.books()["total_payable"] == "90.00"  # a dispute holds no money
    for _ in range(2):
        with sessions.begin() as session:
            disputes_steps.withdraw(session, OFFICER, words="No answer.", now=LATE, **asked)
    assert council.books()["total_payable"] == "30.00"
    with council.sessions["ingest"].begin() as session:
        facts = {"organisation": diamond}
        found = {
            ref: visits_views.show_visit(session, OFFICER, visit_ref=ref, **facts)
            for ref in ("V1", "V2", "V3")
        }
    assert [(one["deleted"], one["reason_of_deletion"]) for one in found.values()] == [
        (True, WITHDRAWN),
        (True, WITHDRAWN),
        (False, None),
    ]
    assert (found["V1"]["changed_by"], len(found["V1"]["versions"])) == ("officer", 1)
    with (
        sessions.begin() as session
    ):  # said again by somebody who repeats what was said: nothing more is deleted
        body = {
            "organisation_id": str(organisation_id),
            "visit_refs": ["V1"],
            "weeks": [],
            "reason": WITHDRAWN,
        }
        body |= {"case_id": str(dispute["case_id"]), "who": "officer"}
        emit(session, "withdrawal_wanted", body, cause_id=str(uuid.uuid4()), lane="single")
    assert council.books()["total_payable"] == "30.00"
    with council.sessions["ingest"].begin() as session:
        assert (
            visits_views.show_visit(session, OFFICER, visit_ref="V1", **facts)["version"]
            == found["V1"]["version"]
        )
    assert council.differences() == []
    with sessions.begin() as session:
        kept = session.execute(text("SELECT words FROM messages ORDER BY ordinal")).scalars().all()
    assert kept == ["Why was it longer?", "No answer."]


def test_a_withdrawn_actual_is_a_submitted_nought_with_the_reason(council: Council) -> None:
    care = {"SSRef": "A123456", "UnitCost": "30.00", "Quantity": "7.00", "PaymentMethod": "Actuals"}
    council.import_care(a_care_file(a_care_row(7, **care)))
    council.books()
    sessions = council.sessions
    lines = [ActualLine(MONDAY, SUNDAY, 3 * 3600)]
    with sessions["ingest"].begin() as session:
        actuals_steps.save_week(session, OFFICER, LATE, cpli_id=7, monday=MONDAY, lines=lines, version=0)
    assert council.books()["total_payable"] == "90.00"
    whose = {"organisation_id": organisation_id_of("Diamond Home Care Ltd")}
    dispute = a_dispute(cpli_id=7, monday=MONDAY, **whose)
    with sessions["disputes"].begin() as session:
        disputes_steps.raise_disputes(session, OFFICER, disputes=[dispute], now=NOW)
    asked = {"case_id": dispute["case_id"], "message_id": uuid.uuid4(), "words": "", "now": LATE}
    for _ in range(2):
        with sessions["disputes"].begin() as session:
            assert disputes_steps.withdraw(session, OFFICER, **asked)["state"] == "Resolved"
        assert council.books()["total_payable"] == "0.00"
    with sessions["ingest"].begin() as session:
        found = actuals_views.find_actual(session, cpli_id=7, monday=MONDAY)
    assert (found["state"], found["delivered_seconds"], found["reason"]) == ("submitted", 0, ACTUAL_WITHDRAWN)
    assert (found["changed_by"], len(found["versions"])) == ("officer", 1)
    assert council.differences() == []


def of_visits(session: Any, caller: Any, **asked: Any) -> Any:
    return disputes_views.list_disputes_of_visits(session, **asked)


def make_move(do: Do, case_id: uuid.UUID, move: str, caller: Any = OFFICER, now: dt.datetime = NOW) -> bool:
    """Whether the move was made."""
    asked = {"kind": "dispute", "message_id": uuid.uuid4(), "words": "So.", "now": now}
    found = do(cases_steps.say, caller, case_id=case_id, move=move, **asked)
    return bool(found["is_moved"])
