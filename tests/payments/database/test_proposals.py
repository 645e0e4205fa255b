"""Two people, on a real PostgreSQL: what one proposes, another decides, and it is shown in money before (RULES 8)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.messaging.messages import Message
from libs.common.proposals import steps as proposals_steps
from libs.common.rpc import Caller
from services.matching.lists import steps as lists_steps
from services.payments.care import steps as care_steps
from services.payments.debts import views as debts_views
from services.payments.posting import steps as posting_steps
from services.payments.proposals import effects
from services.payments.proposals import steps as proposals
from services.payments.runs import steps as runs_steps
from tests.payments.database.test_debts import NEXT, lose
from tests.payments.database.test_holds import FINANCE, PERIOD, PROVIDER, council, differences, totals
from tests.payments.database.test_runs import APPROVER
from tests.support.builders.messages import BEA, a_message, a_week, weeks_matched
from tests.support.builders.pay_rules import a_rate, pay_rules
from tests.support.council.council import Council

__all__ = ["council"]

COMMAND_LINE: Caller = {"who": "command line", "role": "system", "organisation": None}
TOKEN: Caller = {"who": "token 1234", "role": "council", "organisation": None}
DIAMOND_NAME = "Diamond Home Care Ltd"


def adjust(council: Council, amount: str, caller: Caller = FINANCE, **facts: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {"adjustment_id": uuid.uuid4(), "start": PERIOD, "organisation": DIAMOND_NAME}
    wanted |= {"contract": "DAPL", "client": None, "cpli_id": None, "reason": "Agreed"} | facts
    with council.payments() as session:
        return proposals.adjust(session, caller, amount=Decimal(amount), **wanted)


def decide(council: Council, proposal_id: Any, caller: Caller = APPROVER, reason: str = "") -> None:
    facts = {"proposal_id": uuid.UUID(str(proposal_id)), "approves": not reason, "reason": reason}
    with council.payments() as session:
        proposals_steps.decide(session, caller, steps=proposals.STEPS, **facts)


def refusal_of(council: Council, proposal_id: Any, caller: Caller = APPROVER, reason: str = "") -> str:
    with pytest.raises(Refused) as found:
        decide(council, proposal_id, caller, reason)
    return found.value.code


def take_emitted(council: Council, service: str, event: str) -> list[Message]:
    """What a service has said and nobody has heard yet, taken out of its outbox."""
    query = "DELETE FROM outbox WHERE event = :event RETURNING cause_id::text, body::jsonb"
    with council.sessions[service].begin() as session:
        rows = session.execute(text(query), {"event": event}).all()
    return [Message(str(uuid.uuid4()), event, cause_id, body, "single") for cause_id, body in rows]


def effect_of(council: Council, proposal_id: Any, service: str = "payments") -> dict[str, Any] | None:
    """What a proposal would change, worked out as the worker would."""
    for event, step in (
        ("effect_wanted", effects.plan_effect),
        ("effect_part_wanted", effects.work_out_part),
    ):
        said_by = service if event == "effect_wanted" else "payments"
        for message in take_emitted(council, said_by, event):
            with council.payments() as session:
                step(session, message)
    with council.payments() as session:
        return effects.effect(session, FINANCE, proposal_id=uuid.UUID(str(proposal_id)))


def test_an_adjustment_over_the_limit_is_posted_once_another_person_approves(council: Council) -> None:
    found = adjust(council, "-1000.01")
    assert found["state"] == "proposed"
    assert totals(council, PERIOD)[0] == "120.00"
    assert refusal_of(council, found["proposal_id"], FINANCE) == "proposed_by_yourself"
    assert refusal_of(council, found["proposal_id"], COMMAND_LINE) == "not_a_person"
    assert refusal_of(council, found["proposal_id"], TOKEN) == "not_a_person"
    assert refusal_of(council, found["proposal_id"], PROVIDER) == "not_allowed"
    assert refusal_of(council, uuid.uuid4()) == "not_found"
    decide(council, found["proposal_id"])
    assert totals(council, PERIOD)[0] == "-880.01"
    assert refusal_of(council, found["proposal_id"]) == "wrong_state"
    assert differences(council) == []


def test_the_command_line_may_propose_and_a_person_approves(council: Council) -> None:
    found = adjust(council, "2000.00", COMMAND_LINE)
    assert refusal_of(council, found["proposal_id"], COMMAND_LINE) == "not_a_person"
    decide(council, found["proposal_id"], FINANCE)
    assert totals(council, PERIOD)[0] == "2120.00"


def test_sizes_up_and_down_are_summed_by_provider_and_period(council: Council) -> None:
    states = [
        adjust(council, amount, **facts)["state"]
        for amount, facts in (
            ("600.00", {}),
            ("-400.00", {}),
            ("0.01", {}),
            ("1000.00", {"organisation": "Pearl Carers Ltd"}),
            ("1000.00", {"start": NEXT}),
        )
    ]
    assert states == ["posted", "posted", "proposed", "posted", "posted"]


def test_a_form_that_is_sent_twice_proposes_once_and_another_limit_holds_from_then_on(
    council: Council,
) -> None:
    key = uuid.uuid4()
    assert adjust(council, "1500.00", adjustment_id=key) == adjust(council, "1500.00", adjustment_id=key)
    with council.payments() as session:
        assert len(proposals_steps.list_proposals(session, FINANCE, before=None, limit=10)) == 1
        assert proposals_steps.count_waiting(session, APPROVER) == 1
        assert proposals_steps.count_waiting(session, FINANCE) == 0
        limits = {"percent": Decimal(20), "pounds": Decimal(500), "adjustments": Decimal(2000)}
        runs_steps.set_run_limits(session, APPROVER, **limits)
    assert adjust(council, "1500.00")["state"] == "posted"


def test_what_is_refused_has_a_reason_and_is_not_done(council: Council) -> None:
    found = adjust(council, "5000.00")
    facts = {"proposal_id": uuid.UUID(found["proposal_id"]), "approves": False, "reason": ""}
    with council.payments() as session, pytest.raises(Refused, match="reason_wanted"):
        proposals_steps.decide(session, APPROVER, steps=proposals.STEPS, **facts)
    decide(council, found["proposal_id"], reason="No such agreement")
    with council.payments() as session:
        (shown,) = proposals_steps.list_proposals(session, FINANCE, before=None, limit=10)
    assert (shown["state"], shown["reason"], shown["decided_by"]) == (
        "refused",
        "No such agreement",
        "approver",
    )
    assert totals(council, PERIOD)[0] == "120.00"


def test_decided_proposals_are_looked_through_page_by_page(council: Council) -> None:
    ids = [adjust(council, "5000.00")["proposal_id"] for _ in range(4)]
    for proposal_id in ids[:3]:
        decide(council, proposal_id, reason="No")
    seen: list[str] = []
    before = None
    with council.payments() as session:
        while page := proposals_steps.list_proposals(session, FINANCE, before=before, limit=2):
            seen += [row["proposal_id"] for row in page]
            before = page[-1]["proposed_at"], uuid.UUID(page[-1]["proposal_id"])
    assert seen == [ids[3], ids[2], ids[1], ids[0]]


def test_what_can_not_be_done_any_more_stays_to_be_decided(council: Council) -> None:
    found = adjust(council, "5000.00")
    council.finalise(PERIOD)
    assert refusal_of(council, found["proposal_id"]) == "period_finalised"
    decide(council, found["proposal_id"], reason="Too late")


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"cpli_id": 3}, "unknown_cpli"), ({"contract": "Spot"}, "unknown_contract")],
)
def test_what_is_wrong_is_not_proposed(council: Council, facts: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        adjust(council, "5000.00", **facts)


def test_an_adjustment_is_shown_in_money_before_it_is_approved(council: Council) -> None:
    found = adjust(council, "-1500.00")
    with council.payments() as session:
        assert effects.effect(session, FINANCE, proposal_id=uuid.UUID(found["proposal_id"])) is None
    assert effect_of(council, found["proposal_id"]) == {
        "organisations": [
            {"organisation": DIAMOND_NAME, "before": "60.00", "after": "-1440.00", "posted_back": "0.00"}
        ],
        "in_all": {"before": "60.00", "after": "-1440.00", "posted_back": "0.00"},
    }


def propose_rules(council: Council, rules: dict[str, Any], since: dt.date = PERIOD) -> Any:
    with council.payments() as session:
        facts = {"contract": "dapl", "effective_from": since, "rules": rules}
        return proposals.propose_pay_rules(session, FINANCE, **facts)["proposal_id"]


def test_pay_rules_need_another_person_and_are_shown_in_money_before(council: Council) -> None:
    with council.payments() as session:
        later = a_week(1, version=2, monday=NEXT, hours=(4,)), a_week(3, monday=NEXT, client=BEA)
        posting_steps.take_weeks(session, weeks_matched(*later))
    council.finalise(PERIOD)
    rules = pay_rules(rates=[a_rate("any", "150%")])
    proposal_id = propose_rules(council, rules)
    assert propose_rules(council, rules) == proposal_id
    found = effect_of(council, proposal_id)
    assert found is not None
    assert found["organisations"] == [
        {"organisation": DIAMOND_NAME, "before": "140.00", "after": "210.00", "posted_back": "30.00"},
        {"organisation": "Pearl Carers Ltd", "before": "80.00", "after": "120.00", "posted_back": "30.00"},
    ]
    assert found["in_all"] == {"before": "220.00", "after": "330.00", "posted_back": "60.00"}
    assert take_emitted(council, "payments", "pay_rules_set") == []
    assert refusal_of(council, proposal_id, FINANCE) == "proposed_by_yourself"
    decide(council, proposal_id)
    assert [one.body["contract"] for one in take_emitted(council, "payments", "pay_rules_set")] == ["DAPL"]
    assert propose_rules(council, rules) is None


def test_rules_that_change_nothing_yet_change_nothing_in_money(council: Council) -> None:
    proposal_id = propose_rules(council, pay_rules(minimum=90), NEXT)
    nothing = {"before": "0.00", "after": "0.00", "posted_back": "0.00"}
    assert effect_of(council, proposal_id) == {"organisations": [], "in_all": nothing}


def propose_type(council: Council, since: dt.date, caller: Caller = FINANCE) -> Any:
    with council.sessions["matching"].begin() as session:
        facts = {"ref": "DHS", "paid": False, "charged": False, "basis": ""}
        return lists_steps.propose_visit_type(session, caller, effective_from=since, **facts)["proposal_id"]


def decide_type(council: Council, proposal_id: Any, caller: Caller = APPROVER) -> None:
    with council.sessions["matching"].begin() as session:
        facts = {"proposal_id": uuid.UUID(proposal_id), "approves": True, "reason": ""}
        proposals_steps.decide(session, caller, steps=lists_steps.STEPS, **facts)


def test_a_visit_type_changes_from_a_planned_date_on_and_by_two_people(council: Council) -> None:
    with council.payments() as session:
        later = a_week(1, version=2, monday=NEXT, hours=(4,))
        posting_steps.take_weeks(session, weeks_matched(later))
    proposal_id = propose_type(council, NEXT)
    assert effect_of(council, proposal_id, "matching") == {
        "organisations": [
            {"organisation": DIAMOND_NAME, "before": "80.00", "after": "0.00", "posted_back": "0.00"}
        ],
        "in_all": {"before": "80.00", "after": "0.00", "posted_back": "0.00"},
    }
    for caller, code in ((FINANCE, "proposed_by_yourself"), (COMMAND_LINE, "not_a_person")):
        with pytest.raises(Refused, match=code):
            decide_type(council, proposal_id, caller)
    assert take_emitted(council, "matching", "care_changed") == []
    decide_type(council, proposal_id)
    (said,) = take_emitted(council, "matching", "care_changed")
    with council.payments() as session:
        care_steps.take_care(session, said)
    for message in take_emitted(council, "payments", "pricing_wanted"):
        with council.payments() as session:
            posting_steps.price_weeks(session, message)
    assert (totals(council, PERIOD)[0], totals(council, NEXT)[0]) == ("120.00", "0.00")
    assert propose_type(council, NEXT) is None


def test_what_is_posted_back_by_a_visit_type_is_what_finalised_periods_hold(council: Council) -> None:
    council.finalise(PERIOD)
    found = effect_of(council, propose_type(council, dt.date(2022, 10, 3)), "matching")
    assert found is not None
    assert found["in_all"] == {"before": "120.00", "after": "0.00", "posted_back": "-120.00"}


def test_a_debt_is_written_off_by_two_people(council: Council) -> None:
    lose(council)
    council.finalise(PERIOD)
    with council.payments() as session:
        (debt,) = debts_views.list_debts(session, FINANCE, organisation=None)
        debt_id = uuid.UUID(debt["debt_id"])
        found = proposals.propose_write_off(
            session, FINANCE, debt_id=debt_id, reason="The company is wound up"
        )
    proposal_id = found["proposal_id"]
    assert effect_of(council, proposal_id) == {
        "organisations": [
            {"organisation": DIAMOND_NAME, "before": "-488.39", "after": "0.00", "posted_back": "0.00"}
        ],
        "in_all": {"before": "-488.39", "after": "0.00", "posted_back": "0.00"},
    }
    assert refusal_of(council, proposal_id, FINANCE) == "proposed_by_yourself"
    assert refusal_of(council, proposal_id, COMMAND_LINE) == "not_a_person"
    decide(council, proposal_id)
    with council.payments() as session:
        (debt,) = debts_views.list_debts(session, FINANCE, organisation=None)
        assert (debt["owed"], debt["written_off"]) == ("0.00", "488.39")
        with pytest.raises(Refused, match="nothing_owed"):
            proposals.propose_write_off(session, FINANCE, debt_id=debt_id, reason="Again")
    assert differences(council) == []


def test_a_message_with_visit_types_of_before_says_that_none_changes(council: Council) -> None:
    row = {"ref": "DHS", "paid": True, "charged": True, "basis": "delivered", "version": 10**6}
    with council.payments() as session:
        care_steps.take_care(
            session, a_message("care_changed", {"reference_version": 1, "visit_types": [row]})
        )
    assert take_emitted(council, "payments", "pricing_wanted") == []
