"""Payment runs on a real PostgreSQL: prepared by one person, approved by another (RULES 8)."""

import uuid
from typing import Any

import pytest

from libs.common.care.weeks import next_period, period_start_of
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import Caller
from services.payments.care import steps as care_steps
from services.payments.periods import answers as periods_answers
from services.payments.posting import steps as posting_steps
from services.payments.reports import waiting
from services.payments.runs import steps as runs_steps
from services.payments.runs import views as runs_views
from tests.payments.database.test_holds import FINANCE, PROVIDER, a_move, council, move, post
from tests.payments.database.test_public_events import are_gap_free, data_of, read_events
from tests.support.builders.messages import (
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

__all__ = ["council"]

PERIOD = period_start_of(MONDAY)
NEXT = next_period(PERIOD)
APPROVER: Caller = {"who": "approver", "role": "council", "organisation": None}


def prepare(council: Council, start: Any = PERIOD, contract: str | None = None) -> uuid.UUID:
    run_id = uuid.uuid4()
    with council.payments() as session:
        runs_steps.prepare_run(session, FINANCE, run_id=run_id, start=start, contract=contract)
    return run_id


def approve(council: Council, run_id: uuid.UUID, caller: Caller = APPROVER) -> None:
    with council.payments() as session:
        runs_steps.approve_run(session, caller, run_id=run_id)


def refusal_of(council: Council, run_id: uuid.UUID, caller: Caller = APPROVER) -> str:
    with pytest.raises(Refused) as found:
        approve(council, run_id, caller)
    return found.value.code


def read_run(council: Council, run_id: uuid.UUID) -> dict[str, Any]:
    with council.payments() as session:
        return runs_views.describe_run(session, FINANCE, run_id=run_id)


def test_a_run_is_approved_by_another_person_once_its_period_is_finalised(council: Council) -> None:
    move(council, 1, "suspend")
    run_id = prepare(council)
    assert refusal_of(council, run_id) == "not_finalised"
    council.finalise(PERIOD)
    assert refusal_of(council, run_id, FINANCE) == "prepared_by_yourself"
    assert refusal_of(council, run_id, PROVIDER) == "not_allowed"
    approve(council, run_id)
    assert refusal_of(council, run_id) == "wrong_state"
    events = read_events(council)
    approved = data_of(events, "payment.run.approved.v1")
    assert [(data["organisation_id"], data["items"], data["payable"]) for data in approved] == [
        (DIAMOND, 1, "40.00"),
        (PEARL, 1, "60.00"),
    ]
    assert [misfit for event in events for misfit in misfits(event)] == []
    assert are_gap_free(events)
    assert read_run(council, run_id)["state"] == "approved"
    with pytest.raises(Refused, match="already_approved"):
        prepare(council)


@pytest.mark.parametrize("change", ["posted", "held", "swapped"])
def test_a_run_is_prepared_anew_when_what_is_payable_has_changed(council: Council, change: str) -> None:
    run_id = prepare(council)
    if change == "posted":
        with council.payments() as session:
            posting_steps.take_weeks(session, weeks_matched(a_week(1, version=2, hours=(3,))))
    elif change == "held":
        move(council, 2, "cancel")
    else:  # the sums are the same, the items are not
        post(council, "5.00")
        post(council, "-5.00")
    assert read_run(council, run_id)["is_still_payable"] is False
    council.finalise(PERIOD)
    assert refusal_of(council, run_id) == "changed_since"
    anew = prepare(council)
    assert read_run(council, run_id)["state"] == "superseded"
    assert refusal_of(council, run_id) == "wrong_state"
    approve(council, anew)


def test_a_contract_is_paid_once_and_a_run_for_all_pays_the_others(council: Council) -> None:
    with council.payments() as session:
        care_steps.take_care(session, care_changed(a_package(4, client=BEA, contract="LWAH")))
    with council.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(a_week(4, client=BEA, hours=(5,))))
    of_contract, of_all = prepare(council, contract="dapl"), prepare(council)
    assert (read_run(council, of_contract)["payable"], read_run(council, of_all)["payable"]) == (
        "120.00",
        "220.00",
    )
    council.finalise(PERIOD, "DAPL")
    approve(council, of_contract)
    council.finalise(PERIOD)
    assert refusal_of(council, of_all) == "changed_since"
    rest = prepare(council)
    assert read_run(council, rest)["payable"] == "100.00"
    approve(council, rest)
    with pytest.raises(Refused, match="already_approved"):
        prepare(council, contract="LWAH")


def remarks(found: dict[str, Any]) -> dict[str, list[str]]:
    return {one["organisation"]: one["remarks"] for one in found["organisations"]}


def test_large_changes_against_last_period_come_with_their_biggest_items(council: Council) -> None:
    council.finalise(PERIOD)
    with council.payments() as session:
        later = a_week(1, version=2, monday=NEXT, hours=(40,)), a_week(2, version=2, monday=NEXT, client=BEA)
        posting_steps.take_weeks(session, weeks_matched(*later))
    found = read_run(council, prepare(council, NEXT))
    assert (found["payable"], found["last_payable"]) == ("820.00", "120.00")
    first, second = found["organisations"]
    assert (first["organisation"], first["remarks"], first["change"]) == (
        "Diamond Home Care Ltd",
        ["large_change"],
        "760.00",
    )
    assert [(item["cpli_id"], item["amount"]) for item in first["biggest_items"]] == [
        (1, "800.00"),
        (2, "20.00"),
    ]
    assert (second["payable"], second["last_payable"]) == ("0.00", "60.00")
    assert second["remarks"] == ["large_change", "fell_to_nothing"]
    assert found["in_all"]["remarks"] == ["large_change"]


def test_a_fifth_more_than_last_period_stands_out_and_a_little_less_does_not(council: Council) -> None:
    """£5,400 of £27,000: exactly 20 %."""
    post(council, "26940.00")
    post(council, "26940.01", organisation="Pearl Carers Ltd")
    council.finalise(PERIOD)
    post(council, "32400.00", start=NEXT)
    post(council, "27499.99", start=NEXT, organisation="Pearl Carers Ltd")
    found = read_run(council, prepare(council, NEXT))
    assert [one["change"] for one in found["organisations"]] == ["5400.00", "499.98"]
    assert remarks(found) == {
        "Diamond Home Care Ltd": ["large_change", "adjustments"],
        "Pearl Carers Ltd": ["adjustments"],
    }


def test_an_approver_sees_first_payments_adjustments_holds_and_payments_that_were_rejected(
    council: Council,
) -> None:
    move(council, 1, "suspend")
    post(council, "7.00")
    post(council, "-2.00")
    with council.payments() as session:
        periods_answers.answer_period(
            session, PROVIDER, start=PERIOD, answer="rejected", reason="A week is missing", payable="45.00"
        )
    found = read_run(council, prepare(council))
    diamond, pearl = found["organisations"]
    assert diamond["remarks"] == ["large_change", "first_payment", "adjustments", "holds", "rejected"]
    assert diamond["adjustments"] == {"number": 2, "amount": "5.00", "size": "9.00"}
    assert diamond["holds"] == {"number": 1, "amount": "20.00"}
    assert diamond["rejection"]["reason"] == "A week is missing"
    assert pearl["remarks"] == ["large_change", "first_payment"]
    assert (found["in_all"]["rejected"], found["in_all"]["holds"]["amount"]) == (1, "20.00")


def test_a_total_below_nothing_and_a_provider_of_whom_all_is_held_are_seen_too(council: Council) -> None:
    post(council, "-548.39")
    move(council, 3, "cancel")
    found = read_run(council, prepare(council))
    assert remarks(found) == {
        "Diamond Home Care Ltd": ["large_change", "below_nothing", "adjustments"],
        "Pearl Carers Ltd": ["holds"],
    }
    assert found["organisations"][0]["lacking"] == "488.39"


def test_a_first_payment_is_a_provider_s_and_no_instalment_of_one(council: Council) -> None:
    for cpli_id in (1, 2, 3):
        move(council, cpli_id, "split", instalments=2)
    first = read_run(council, prepare(council))
    assert remarks(first) == {
        "Diamond Home Care Ltd": ["large_change", "first_payment"],
        "Pearl Carers Ltd": ["large_change", "first_payment"],
    }
    assert first["in_all"]["first_payments"] == 2
    council.finalise(PERIOD)
    later = read_run(council, prepare(council, NEXT))
    assert [(one["payable"], one["remarks"]) for one in later["organisations"]] == [("30.00", [])] * 2
    assert (later["in_all"]["first_payments"], later["in_all"]["remarks"]) == (0, [])


def test_an_answer_is_compared_with_what_is_payable_under_all_contracts(council: Council) -> None:
    with council.payments() as session:
        care_steps.take_care(session, care_changed(a_package(4, client=BEA, contract="LWAH")))
    with council.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(a_week(4, client=BEA, hours=(5,))))
    with council.payments() as session:
        periods_answers.answer_period(
            session, PROVIDER, start=PERIOD, answer="confirmed", reason="", payable="160.00"
        )

    def payable_then_and_now() -> tuple[str, str]:
        with council.payments() as session:
            (answer,) = periods_answers.list_period_answers(session, FINANCE, start=PERIOD, organisation=None)
        return answer["payable"], answer["payable_now"]

    council.finalise(PERIOD, "LWAH")
    council.finalise(PERIOD)
    assert payable_then_and_now() == ("160.00", "160.00")


def test_what_is_payable_now_follows_what_is_held(council: Council) -> None:
    with council.payments() as session:
        periods_answers.answer_period(
            session, PROVIDER, start=PERIOD, answer="confirmed", reason="", payable="60.00"
        )
    move(council, 1, "suspend")
    with council.payments() as session:
        (answer,) = periods_answers.list_period_answers(session, PROVIDER, start=PERIOD, organisation=None)
    assert (answer["payable"], answer["payable_now"]) == ("60.00", "40.00")


def test_what_waits_is_a_run_to_approve_for_the_council_and_a_payment_to_confirm_for_a_provider(
    council: Council,
) -> None:
    url = council.schemas.url_of("payments_rpc")
    engine = database.engine(url, "payments")
    sessions = database.sessions(engine)

    def waits(caller: Caller) -> dict[str, int]:
        with database.transaction(sessions, caller) as session:
            return waiting.count_waiting(session, caller)

    def send_answer(payable: str) -> None:
        with database.transaction(sessions, PROVIDER) as session:
            periods_answers.answer_period(
                session, PROVIDER, start=PERIOD, answer="confirmed", reason="", payable=payable
            )

    try:
        prepare(council)
        prepare(council)
        assert waits(FINANCE) == {
            "runs_to_approve": 1,
            "invoices_pending": 0,
            "charge_queries": 0,
            "weeks_apart": 0,
            "proposals_of_payments": 0,
        }
        assert waits(PROVIDER) == {"payments_to_confirm": 1}
        with pytest.raises(Refused, match="seen_another"):
            send_answer("120.00")
        send_answer("60.00")
        assert waits(PROVIDER) == {"payments_to_confirm": 0}
        move(council, 1, "suspend")
        assert waits(PROVIDER) == {"payments_to_confirm": 1}
        with database.transaction(sessions, FINANCE) as session:
            (answer,) = periods_answers.list_period_answers(session, FINANCE, start=PERIOD, organisation=None)
        assert (answer["organisation"], answer["answer"], answer["payable"]) == (
            "Diamond Home Care Ltd",
            "confirmed",
            "60.00",
        )
    finally:
        engine.dispose()


def test_a_rejected_run_says_why_and_pays_nothing(council: Council) -> None:
    run_id = prepare(council)
    with council.payments() as session:
        runs_steps.reject_run(session, APPROVER, run_id=run_id, reason="Pearl looks too high")
    council.finalise(PERIOD)
    assert refusal_of(council, run_id) == "wrong_state"
    with council.payments() as session:
        listed = runs_views.list_runs(session, FINANCE, start=PERIOD, after=None, limit=10)
    assert [(run["state"], run["reason"]) for run in listed] == [("rejected", "Pearl looks too high")]
    assert data_of(read_events(council), "payment.run.approved.v1") == []


def test_an_empty_period_has_nothing_to_pay_and_a_form_sent_twice_prepares_one_run(council: Council) -> None:
    with pytest.raises(Refused, match="nothing_to_pay"):
        prepare(council, NEXT)
    run_id = prepare(council)
    with council.payments() as session:
        runs_steps.prepare_run(session, FINANCE, run_id=run_id, start=PERIOD, contract=None)
        assert len(runs_views.list_runs(session, FINANCE, start=None, after=None, limit=10)) == 1
        assert runs_views.list_runs(session, FINANCE, start=None, after=run_id, limit=10) == []


def test_approving_waits_for_the_release_at_work_into_another_period(council: Council) -> None:
    """Whatever is posted or held shares the lock that approving has alone."""
    move(council, 1, "suspend")
    run_id = prepare(council)
    council.finalise(PERIOD)
    release = a_move(council, 1, "release")
    in_turn(
        council.sessions["payments"],
        release,
        lambda session: runs_steps.approve_run(session, APPROVER, run_id=run_id),
    )
    assert read_run(council, run_id)["state"] == "approved"
