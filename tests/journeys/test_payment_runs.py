"""What an approver sees of a run and both sides of debts, by page and API: all services answer (RULES 8)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.rpc import Caller
from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.oracle.rows import a_visit, a_visits_file
from tests.support.builders.care_files import a_care_file, a_care_row

__all__ = ["shared"]

PERIOD, NEXT = dt.date(2022, 10, 3), dt.date(2022, 10, 31)
FINANCE: Caller = {"who": "finance", "role": "council", "organisation": None, "staff": "finance"}
CARE = a_care_file(
    a_care_row(1, UnitCost="25.00"),
    a_care_row(2, SSRef="A200", UnitCost="30.00"),
    a_care_row(3, OrganisationName=PEARL, ServiceName="Pearl - DAPL", UnitCost="20.00"),
)
VISITS = a_visits_file(
    [
        a_visit("D1", PERIOD),
        a_visit("D2", PERIOD, SSRef="A200"),
        a_visit("D3", PERIOD, SSRef="A200", ServiceName="A service that nobody knows"),
        a_visit("D4", PERIOD, SSRef="A999", exit_="09:30"),
    ]
)


@pytest.fixture
def site(shared: ApiCouncil) -> ApiCouncil:
    """£55.00 for the first provider, and two visits without a match; nothing for the second."""
    shared.empty()
    shared.council.import_care(CARE)
    shared.council.import_visits(DIAMOND, VISITS)
    shared.council.books()
    return shared


def gateway_of(site: ApiCouncil) -> Any:
    return site.app.extensions["gateway"]


def a_run(site: ApiCouncil, start: dt.date = PERIOD) -> str:
    run_id = str(uuid.uuid4())
    gateway_of(site).ask("payments", "prepare_run", FINANCE, run_id=run_id, start=str(start), contract=None)
    return run_id


def a_dispute(site: ApiCouncil, *refs: str) -> None:
    visits = [{"visit_ref": ref, "version": 1, "deleted": False, "values": {}} for ref in refs]
    asked = {"case_id": str(uuid.uuid4()), "organisation_id": str(organisation_id_of(DIAMOND))}
    asked |= {"reason": "Missing Comment", "words": "Why?", "first_on": str(PERIOD), "last_on": str(PERIOD)}
    gateway_of(site).ask("disputes", "raise_disputes", FINANCE, disputes=[asked | {"visits": visits}])


def take(site: ApiCouncil, amount: str, start: dt.date = PERIOD) -> None:
    about = {"organisation": DIAMOND, "contract": "DAPL", "client": None, "cpli_id": None}
    about |= {
        "start": str(start),
        "amount": amount,
        "reason": "Paid twice",
        "adjustment_id": str(uuid.uuid4()),
    }
    gateway_of(site).ask("payments", "post_adjustment", FINANCE, **about)


def finalise(site: ApiCouncil) -> None:
    gateway_of(site).ask("payments", "finalise_period", FINANCE, start=str(PERIOD), contract=None)


def test_an_approver_sees_disputes_and_unmatched_visits_in_money_by_page_and_api(site: ApiCouncil) -> None:
    a_dispute(site, "D1", "D3")
    a_dispute(site, "D2")
    run_id = a_run(site)
    (diamond,) = site.api(COUNCIL).get(f"/payment-runs/{run_id}").json["organisations"]
    assert diamond["disputes"] == {"number": 2, "amount": "55.00"}
    # D3 an hour at A200's 30.00; D4 half an hour of nobody at the provider's average, 27.50
    assert diamond["unmatched"] == {"number": 2, "amount": "43.75"}
    assert diamond["remarks"] == ["large_change", "first_payment", "disputes", "unmatched"]
    page = site.browser("approver").get(f"/payments/runs/{run_id}").text
    for words in (
        "First payment",
        "2 disputes in dispute, £55.00",
        "2 visits unmatched, about £43.75",
        f"/disputes?organisation={DIAMOND.replace(' ', '+')}",
    ):
        assert words in page, words
    assert site.api(DIAMOND).get(f"/payment-runs/{run_id}").status_code == 404
    (listed,) = site.api(COUNCIL).get("/payment-runs", start=str(PERIOD)).json["items"]
    assert (listed["run_id"], listed["state"], listed["payable"]) == (run_id, "prepared", "55.00")


def test_a_debt_is_seen_by_both_sides(site: ApiCouncil) -> None:
    take(site, "-543.39")
    finalise(site)
    for asker in (site.api(COUNCIL), site.api(DIAMOND)):
        (debt,) = asker.get("/debts").json["items"]
        assert (debt["amount"], debt["owed"], debt["due"][0]["amount"]) == ("488.39", "488.39", "488.39")
    assert site.api(PEARL).get("/debts").json["items"] == []
    for role, organisation in (("finance", None), ("home_manager", DIAMOND)):
        browser = site.browser(role, organisation)
        assert "Debts: £488.39 to come off payments" in browser.get("/payments").text
        assert "£488.39 from 31 Oct 2022" in browser.get("/payments/debts").text
        assert "Nobody is paid less than nothing." in browser.get(f"/payments/{NEXT}").text
    assert "Debts:" not in site.browser("home_manager", PEARL).get("/payments").text


def test_a_run_says_what_will_be_a_debt(site: ApiCouncil) -> None:
    take(site, "-543.39")
    page = site.browser("approver").get(f"/payments/runs/{a_run(site)}").text
    assert "Below nothing by £488.39: it is a debt once the period is finalised" in page


def an_adjustment(site: ApiCouncil, amount: str) -> str:
    finance = site.browser("finance")
    about = {"organisation": DIAMOND, "contract": "DAPL", "amount": amount, "reason": "Agreed"}
    page = f"/payments/{PERIOD}/adjustment"
    answer = finance.post(page, **about, adjustment_id=str(uuid.uuid4()))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_large_adjustment_waits_for_a_second_person_who_sees_its_money(site: ApiCouncil) -> None:
    page = an_adjustment(site, "-1,500.00")
    assert page.startswith("/proposals/")
    site.council.books()
    (listed,) = site.api(COUNCIL).get("/proposals").json["items"]
    assert (listed["state"], listed["kind"], listed["wanted"]["amount"]) == (
        "waiting",
        "adjustment",
        "-1500.00",
    )
    shown = site.api(COUNCIL).get(page).json
    assert shown["effect"]["organisations"] == [
        {"organisation": DIAMOND, "before": "55.00", "after": "-1445.00", "posted_back": "0.00"}
    ]
    assert site.api(DIAMOND).get(page).status_code == site.api(DIAMOND).get("/proposals").status_code == 404
    assert site.browser("commissioning").get(f"{page}/refuse").status_code == 422
    approver = site.browser("approver")
    assert "proposal about payments to decide" in approver.get("/").text
    assert "−£1,445.00" in approver.get(page).text
    assert approver.post(f"{page}/approve", at=page).status_code == 303
    assert "Approved" in approver.get(page).text
    assert "−£1,445.00" in approver.get(f"/payments/{PERIOD}").text
    assert site.council.differences() == []


def test_what_is_not_worked_out_yet_is_not_approved(site: ApiCouncil) -> None:
    page = an_adjustment(site, "2,000.00")
    site.council.books()
    with site.council.as_owner("payments") as session:
        session.execute(text("DELETE FROM effect_parts"))
    approver = site.browser("approver")
    assert "This is being worked out." in approver.get(page).text
    assert approver.post(f"{page}/approve", at=page).status_code == 409
    assert site.api(COUNCIL).get(page).json["effect"] is None


def test_a_debt_is_written_off_on_the_pages_by_two_people(site: ApiCouncil) -> None:
    take(site, "-543.39")
    finalise(site)
    (debt,) = site.api(COUNCIL).get("/debts").json["items"]
    finance = site.browser("finance")
    page = finance.post(f"/payments/debts/{debt['debt_id']}/write-off", reason="Wound up").location
    site.council.books()
    assert finance.post(f"{page}/approve", at=page).status_code == 422
    assert site.browser("approver").post(f"{page}/approve", at=page).status_code == 303
    (debt,) = site.api(DIAMOND).get("/debts").json["items"]
    assert (debt["owed"], debt["written_off"]) == ("0.00", "488.39")
    assert site.council.differences() == []


def test_proposals_go_back_page_by_page(site: ApiCouncil) -> None:
    pages = [an_adjustment(site, f"{amount},000.00") for amount in (2, 3, 4)]
    approver, api = site.browser("approver"), site.api(COUNCIL)
    for page in pages:
        assert approver.post(f"{page}/refuse", at=page, reason="No").status_code == 303
    first = api.get("/proposals", limit=2).json
    second = api.get("/proposals", limit=2, cursor=first["next_cursor"]).json
    listed = [f"/proposals/{one['proposal_id']}" for one in (*first["items"], *second["items"])]
    assert (listed, second["next_cursor"]) == (pages[::-1], None)
    assert api.get("/proposals", cursor="bm90LWEtY3Vyc29y").status_code == 400
