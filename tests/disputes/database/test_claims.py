"""One-off claims from the visits file to the payment item, with all services' workers (RULES 10)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.messaging.messages import Message
from libs.common.rpc import Caller
from services.payments.claims.steps import take_claim
from services.payments.periods import views as periods_views
from services.payments.remittances import views as remittances_views
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, an_undelivered_row
from tests.support.council.claims import (
    CARE,
    DAPL,
    DIAMOND,
    FLANDERS,
    MANAGER,
    OF_DIAMOND,
    OFFICER,
    SKINNER,
    SPOT,
    STRANGER,
    Claimants,
    claimants,
    delivered_visit,
    flanders,
    hospital_visit,
    skinner,
)
from tests.support.council.council import Council
from tests.support.council.fixtures import Workforce
from tests.support.run.waiting import wait_until

OCTOBER, NOVEMBER = dt.date(2022, 10, 3), dt.date(2022, 10, 31)
WHOLE: dict[str, Any] = {"organisation": None, "contract": None}


@pytest.fixture(scope="module")
def council(council_of_all: Council, workforce: Workforce) -> Council:
    """All workers at work for all tests here; [003]'s care and visits are in."""
    workforce.work()
    council_of_all.import_care(CARE)
    for file in (flanders(), skinner()):
        council_of_all.import_visits(DIAMOND, file)
    council_of_all.books()
    return council_of_all


@pytest.fixture
def they(council: Council) -> Iterator[Claimants]:
    """Both sides; nothing is claimed or finalised yet."""
    forget(council)
    with claimants(council) as found:
        yield found


def forget(council: Council) -> None:
    """All claims, and what was paid for them."""
    wait_until(council.is_settled, 30)
    with council.as_owner("disputes") as session:
        for table in ("claim_workings", "claim_items", "messages", "cases"):
            session.execute(text(f"DELETE FROM {table}"))
    with council.as_owner("payments") as session:
        session.execute(text("DELETE FROM items WHERE series = 'claims'"))
        for table in ("finalisations", "closed_sums", "closed_charges", "claimed_stays"):
            session.execute(text(f"DELETE FROM {table}"))


def find_paid_items(council: Council) -> list[tuple[Any, ...]]:
    """The items of claims: period, CPLI, week, amount, reason."""
    wait_until(council.is_settled, 30)
    with council.payments() as session:
        rows = session.execute(
            text(
                "SELECT period_start, cpli_id, monday, amount, reason, contract, client_reference FROM items"
                " WHERE series = 'claims' ORDER BY posted_at, cpli_id"
            )
        )
        return [tuple(row) for row in rows]


def refusal_of(step: Any, *asked: Any, **more: Any) -> str:
    with pytest.raises(Refused) as found:
        step(*asked, **more)
    return found.value.code


def test_the_guides_two_examples_come_from_h_visits_alone_and_are_paid_in_the_earliest_open_period(
    they: Claimants,
) -> None:
    before = they.council.books()
    claim_id = they.drafts()
    they.adds(claim_id, FLANDERS, "11.89")
    they.adds(claim_id, SKINNER, "47.54")
    worked_out = they.looks_at(claim_id, MANAGER)
    assert [item["working"]["amount"] for item in worked_out["items"]] == ["11.89", "47.54"]
    assert [item["working"]["seconds"] for item in worked_out["items"]] == [3600, 4 * 3600]
    assert they.submits(claim_id) == {"state": "Pending", "is_moved": True}
    they.council.finalise(OCTOBER)
    assert they.decides(claim_id)["state"] == "Accepted"
    reason = "Hospital Incentive Payment"
    assert find_paid_items(they.council) == [
        (NOVEMBER, 156023, dt.date(2022, 11, 21), Decimal("47.54"), reason, "DAPL", SKINNER),
        (NOVEMBER, 156024, dt.date(2022, 11, 7), Decimal("11.89"), reason, "DAPL", FLANDERS),
    ]
    assert they.council.books() == before  # what is paid for care and charged to clients is as it was
    assert they.council.differences() == []
    with they.council.payments() as session:
        page = remittances_views.describe_remittance(
            session, OFFICER, start=NOVEMBER, summary=False, after=0, limit=50, **WHOLE
        )
        total = periods_views.describe_period(session, OFFICER, start=NOVEMBER, **WHOLE)["total"]
    lines = [
        (line["client"], line["reason"], line["amount"]) for line in page["lines"] if line["kind"] == "claim"
    ]
    assert lines == [(SKINNER, reason, "47.54"), (FLANDERS, reason, "11.89")]
    assert Decimal(total) == sum(Decimal(line["amount"]) for line in page["lines"])


def test_an_accepted_claim_is_paid_once_however_often_it_is_said_and_whatever_is_finalised(
    they: Claimants,
) -> None:
    claim_id = they.drafts()
    they.adds(claim_id, FLANDERS, "11.89")
    they.submits(claim_id)
    message_id = str(uuid.uuid4())
    for _ in range(2):  # a form sent twice
        they.decides(claim_id, message_id=message_id)
    (first,) = find_paid_items(they.council)
    assert first[0] == NOVEMBER  # nothing is finalised: the earliest period that holds anything
    they.council.finalise(NOVEMBER)
    body = _build_claim_accepted(they, claim_id)
    for _ in range(3):
        with they.council.payments() as session:
            take_claim(
                session, Message(str(uuid.uuid4()), "claim_accepted", str(uuid.uuid4()), body, "single")
            )
    assert find_paid_items(they.council) == [first]
    assert they.council.differences() == []
    with they.council.as_owner("payments") as session:
        session.execute(text("UPDATE items SET amount = 12 WHERE series = 'claims'"))
    (difference,) = (one for one in they.council.differences() if one["what"] == "claim")
    assert difference["held"].endswith("/12")


def _build_claim_accepted(they: Claimants, claim_id: uuid.UUID) -> dict[str, Any]:
    """``claim_accepted`` as it was said."""
    found = they.claim(claim_id)
    (item,) = found["items"]
    (stay,) = they.facts(claim_id, OFFICER)
    said = {"item_id": item["item_id"], "client_reference": FLANDERS, "client_id": stay["client_id"]}
    said |= {"cpli_id": 156024, "amount": "11.89", "worked_out": "11.89", "reason": item["service_level"]}
    said |= {"first_on": "2022-11-12", "last_on": "2022-11-12"}
    about = {"claim_id": str(claim_id), "number": found["number"], "contract": "DAPL"}
    return about | {"organisation_id": found["organisation_id"], "items": [said]}


def test_a_claim_on_another_contract_is_rejected_at_once_with_the_reason(they: Claimants) -> None:
    claim_id = they.drafts(SPOT)
    they.adds(claim_id, "A400", "20.00", admitted_on="2022-11-01", resumed_on="2022-11-03")
    assert they.submits(claim_id) == {"state": "Rejected", "is_moved": True}
    last = they.claim(claim_id)["messages"][-1]
    assert (last["side"], last["move"], last["said_by"]) == ("council", "reject", "Caretally")
    assert "under the Spot contract" in last["words"]
    found = they.claim(claim_id)
    assert (found["total_payable"], found["total_claimed"]) == ("0.00", "20.00")
    assert they.decides(claim_id) == {"state": "Rejected", "is_moved": False}
    assert find_paid_items(they.council) == []


def test_the_council_amends_an_amount_and_the_note_says_so(they: Claimants) -> None:
    claim_id = they.drafts()
    item_id = they.adds(claim_id, FLANDERS, "23.77")
    other = they.adds(claim_id, SKINNER, "47.54")
    they.submits(claim_id)
    assert refusal_of(they.amends, claim_id, item_id, "15.00", "") == "note_wanted"
    they.amends(claim_id, item_id, "15.00", "There was an error in your calculation")
    assert refusal_of(they.amends, claim_id, item_id, "16.00", "Again") == "seen_another"
    they.amends(claim_id, other, "47.54", "Evidence is missing", is_included=False)
    found = they.claim(claim_id)
    first, second = found["items"]
    assert (first["amount"], first["claimed"], found["total_payable"]) == ("15.00", "23.77", "15.00")
    assert found["total_claimed"] == "71.31"
    assert first["la_note"] == "Amended from £23.77 to £15.00 because there was an error in your calculation"
    assert second["is_included"] is False
    they.decides(claim_id)
    assert [row[3] for row in find_paid_items(they.council)] == [Decimal("15.00")]
    assert they.council.differences() == []


def test_what_is_worked_out_follows_the_visits_until_it_is_decided_and_is_kept_with_the_decision(
    they: Claimants,
) -> None:
    claim_id = they.drafts()
    they.adds(claim_id, FLANDERS, "11.89")
    they.submits(claim_id)
    seen = they.looks_at(claim_id)["seen"]
    more = hospital_visit("F0", "11/11/2022", "14:00", "14:30", FLANDERS)
    they.council.import_visits(DIAMOND, a_file(more))
    they.council.books()
    assert refusal_of(they.decides, claim_id, seen=seen) == "seen_another"
    found = they.looks_at(claim_id)
    (item,) = found["items"]
    assert (item["working"]["amount"], item["amount"]) == ("17.83", "11.89")
    they.decides(claim_id, seen=found["seen"])
    they.council.import_visits(
        DIAMOND, a_file(hospital_visit("F3", "10/11/2022", "14:00", "15:00", FLANDERS))
    )
    they.council.books()
    (decided,) = they.looks_at(claim_id)["items"]
    assert decided["working"] == item["working"]
    gone = [an_undelivered_row(VisitRef=ref, Deleted="1") for ref in ("F0", "F3")]
    they.council.import_visits(DIAMOND, a_file(*gone))


def test_one_stay_is_never_paid_twice(they: Claimants) -> None:
    single = a_care_row(
        9, SSRef=FLANDERS, ServiceName=DAPL, Unit="Payment", Frequency="One-off", Quantity="1",
        ServiceLevel="Hospital Incentive Payment", **OF_DIAMOND | {"UnitCost": "11.89"},
    )  # fmt: skip
    they.council.import_care(a_care_file(single))
    they.council.books()
    first, second = they.drafts(), they.drafts()
    for claim_id in (first, second):
        they.adds(claim_id, FLANDERS, "11.89")
        they.submits(claim_id)
    assert they.decides(first)["state"] == "Accepted"
    (item,) = they.looks_at(second)["items"]
    assert item["working"]["single_payments"] == [{"cpli_id": 9, "amount": "11.89"}]
    number = they.claim(first)["number"]
    assert item["working"]["lines"][0]["why"] == f"Counted in claim {number} already"
    assert item["working"]["amount"] == "0.00"
    assert refusal_of(they.decides, second) == "paid_already"
    assert they.decides(second, "reject")["state"] == "Rejected"
    assert [row[3] for row in find_paid_items(they.council)] == [Decimal("11.89")]
    assert they.council.differences() == []


def test_dapl_wants_the_care_resumed_by_the_same_provider(they: Claimants) -> None:
    they.council.import_visits(
        DIAMOND, a_file(hospital_visit("X1", "28/11/2022", "14:00", "15:00", FLANDERS))
    )
    they.council.books()
    claim_id = they.drafts()
    they.adds(claim_id, FLANDERS, "11.89", admitted_on="2022-11-28", resumed_on="2022-12-01")
    (item,) = they.looks_at(claim_id, MANAGER)["items"]
    assert "no delivered visit" in item["working"]["reasons"][0]
    they.council.import_visits(
        DIAMOND, a_file(delivered_visit("X2", "03/12/2022", "14:00", "15:00", FLANDERS))
    )
    they.council.books()
    (item,) = they.looks_at(claim_id, MANAGER)["items"]
    assert item["working"]["amount"] == "11.89"


def test_a_draft_is_the_providers_own_and_a_claim_that_of_two_sides(they: Claimants) -> None:
    claim_id = they.drafts()
    item_id = they.adds(claim_id, FLANDERS, "11.89")
    they.adds(claim_id, FLANDERS, "12.00", item_id=item_id)
    assert [len(item["history"]) for item in they.claim(claim_id)["items"]] == [2]
    assert refusal_of(they.claim, claim_id, OFFICER) == "not_found"
    asked: list[tuple[Any, Caller]] = [
        (they.claim, STRANGER),
        (they.submits, STRANGER),
        (they.decides, OFFICER),
    ]
    for step, caller in asked:
        assert refusal_of(step, claim_id, caller=caller) == "not_found"
    they.submits(claim_id)
    assert refusal_of(they.decides, claim_id, caller=MANAGER) == "not_allowed"
    assert refusal_of(they.decides, claim_id, "reject", words="") == "reason_wanted"
    assert refusal_of(they.adds, claim_id, SKINNER, "1.00") == "wrong_state"
    assert they.decides(claim_id, "reject", words="Not enough detail")["state"] == "Rejected"
    assert they.claim(claim_id)["messages"][-1]["words"] == "Not enough detail"
    empty = they.drafts()
    assert refusal_of(they.submits, empty) == "no_items"
