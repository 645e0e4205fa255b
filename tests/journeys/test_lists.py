"""The council's lists on their pages, with all services behind them: what is changed there changes what is paid."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import DAPL, a_file, a_row
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

CONTRACT = "/lists/contracts/DAPL"
RULES = f"{CONTRACT}/pay-rules"
EMPTY_RULES = {"rounding_way": "", "rounding_minutes": "", "cap": "", "minimum": ""}
MONDAY, SATURDAY = "03/10/2022", "08/10/2022"


def a_visit(ref: str, day: str, left: str = "10:00", **cells: str) -> tuple[str, ...]:
    """A visit planned from nine to ten, and delivered from nine on."""
    times = {"PlannedEntryTime": "09:00", "PlannedExitTime": "10:00"}
    delivered = {"DeliveredVisitDate": day, "DeliveredEntryTime": "09:00", "DeliveredExitTime": left}
    return a_row(
        **(
            {"VisitRef": ref, "PlannedVisitDate": day, "SSRef": "L1", "ServiceName": DAPL}
            | times
            | delivered
            | cells
        )
    )


@pytest.fixture
def council(shared: ApiCouncil) -> ApiCouncil:
    """A client's week of DAPL at £20.00 an hour: an hour on Monday, 50 minutes and a hospital visit on Saturday."""
    shared.empty()
    shared.council.import_care(a_care_file(a_care_row(1, SSRef="L1")))
    wait_until(shared.council.is_settled, 30)
    hospital = {"VisitType": "H", "DeliveredVisitDate": "", "DeliveredEntryTime": "", "DeliveredExitTime": ""}
    visits = a_visit("M", MONDAY), a_visit("S", SATURDAY, "09:50"), a_visit("H", SATURDAY, **hospital)
    shared.api(DIAMOND).file(a_file(*visits), confirm="true")
    assert shared.council.books()["total_payable"] == "36.67"
    return shared


def sends_rules(browser: Browser, start: str, **fields: str) -> Any:
    """Fill in the page of the contract's pay rules."""
    return browser.post(RULES, **(EMPTY_RULES | {"effective_from": start} | fields))


def approve(council: ApiCouncil, answer: Any) -> None:
    """Have a second person approve what was proposed."""
    assert answer.status_code == 303, answer.text
    council.council.books()
    second = council.browser("approver")
    assert "What it changes in money" in second.get(answer.location).text
    assert second.post(f"{answer.location}/approve", at=answer.location).status_code == 303


def test_pay_rules_set_on_the_page_are_paid_explained_and_kept_with_who_set_them(council: ApiCouncil) -> None:
    account = council.account("finance")
    browser = council.browser_of(account)
    assert "No pay rules" in browser.get(CONTRACT).text
    council.council.finalise(dt.date(2022, 10, 3))

    rate = {
        "rate_1_day": "weekend",
        "rate_1_rate": "150%",
        "rate_1_entry_from": "08:00",
        "rate_1_entry_to": "12:00",
    }
    answer = sends_rules(browser, "2022-10-08", band_1_first="38", band_1_last="52", band_1_pay="45", **rate)
    assert council.council.books()["total_payable"] == "36.67"
    proposal = browser.get(answer.location).text
    assert "Somebody else must approve what you have proposed." in proposal
    # the 50 minutes of Saturday at £20.00, then 45 minutes at £30.00; the period is finalised
    assert all(amount in proposal for amount in ("£36.67", "£42.50", "£5.83"))
    assert browser.post(f"{answer.location}/approve", at=answer.location).status_code == 422
    approve(council, answer)
    assert council.council.books()["total_payable"] == "42.50"  # an hour at 20.00 and 45 minutes at 30.00
    assert council.council.differences() == []

    shown = browser.get(CONTRACT).text
    assert "A visit of 38 to 52 minutes pays 45 minutes." in shown
    assert "Saturday and Sunday, planned entry from 08:00 and before 12:00: 150% of the unit cost." in shown
    assert f"Set by {account.email}" in shown
    adjusted = browser.get("/payments/2022-10-31").text
    assert "Retrospective change to a Care Package Line Item" in adjusted
    assert "S: Band: 50 min pays 45 min." in adjusted
    assert "S: Rate for Saturday and Sunday: £30.00 an hour in place of £20.00." in adjusted
    assert "Band: 50 min pays 45 min." in council.browser("home_manager", DIAMOND).get("/visits/S").text

    approve(council, sends_rules(browser, "2022-10-08"))
    assert council.council.books()["total_payable"] == "36.67"
    assert sends_rules(browser, "2022-10-08").location == CONTRACT
    kept = browser.get(CONTRACT).text
    assert (kept.count("in force"), kept.count("replaced")) == (1, 1)


@pytest.mark.parametrize(
    ("start", "fields", "sentence"),
    [
        ("", {}, "Enter the first planned date"),
        ("2022-10-08", {"cap": "five"}, "Enter whole minutes, 0 to 1,440"),
        ("2022-10-08", {"rounding_way": "up"}, "Enter both the minutes and the way of rounding, or neither"),
        (
            "2022-10-08",
            {"band_1_first": "5", "band_1_last": "", "band_1_pay": ""},
            "Enter the minutes paid, or empty the whole row",
        ),
        (
            "2022-10-08",
            {
                f"band_{n}_{name}": value
                for n, row in ((2, ("0", "30", "15")), (4, ("30", "", "60")))
                for name, value in zip(("first", "last", "pay"), row, strict=True)
            }
            | {f"band_{n}_{name}": "" for n in (1, 3) for name in ("first", "last", "pay")},
            "The band shares minutes with the band 0 to 30",
        ),
    ],
)
def test_pay_rules_that_can_t_be_set_are_told_beside_their_fields_and_change_nothing(
    shared: ApiCouncil, start: str, fields: dict[str, str], sentence: str
) -> None:
    shared.council.import_care(a_care_file(a_care_row(1, SSRef="L1")))
    wait_until(shared.council.is_settled, 30)
    browser = shared.browser("commissioning")
    before = browser.get(CONTRACT).text.count("Set by")
    answer = sends_rules(browser, start, **fields)
    assert (answer.status_code, "Error: Pay rules" in answer.text) == (400, True)
    assert answer.text.count(sentence) == 2  # in the summary, and beside the field
    assert browser.get(CONTRACT).text.count("Set by") == before


def test_a_visit_is_tried_out_by_the_rules_of_its_date_and_nothing_is_stored(council: ApiCouncil) -> None:
    browser = council.browser("finance")
    special = {"rate_1_day": "special_day", "rate_1_rate": "41.00", "special_1_on": "2022-12-24"}
    rules = {"minimum": "30", "special_1_name": "Christmas Eve", **special}
    approve(council, sends_rules(browser, "2022-12-01", **rules))
    books = council.council.books()
    visit = {
        "planned_on": "2022-12-24",
        "planned_entry": "09:00",
        "planned_exit": "10:00",
        "visit_type": "DHS",
        "delivered_entry": "09:00",
        "delivered_exit": "09:21",
        "unit_cost": "20.00",
    }

    def try_rules(**changes: str) -> str:
        return browser.client.get(f"{CONTRACT}/try", query_string=visit | changes).text

    answer = try_rules()
    assert "This visit pays <strong>£20.50</strong>" in answer
    assert "Minimum: 21 min is raised to 30 min." in answer
    assert "Rate for special day: £41.00 an hour in place of £20.00." in answer
    assert "<strong>£7.00</strong>" in try_rules(planned_on="2022-11-30")
    assert "bank holiday: Boxing Day" in try_rules(planned_on="2022-12-26")
    assert "Visits of this type are not paid." in try_rules(visit_type="C24")
    for wrong, sentence in (
        ({"delivered_entry": ""}, "Enter when the visit was delivered"),
        ({"planned_exit": "09:00"}, "Enter an exit that is not the entry"),
        ({"unit_cost": "much"}, "Enter a unit cost in pounds"),
        ({"planned_on": "soon"}, "Enter a date"),
    ):
        assert sentence in try_rules(**wrong)
        assert "Error: Try a visit" in try_rules(**wrong)
    assert council.council.books() == books
    assert browser.get("/lists/contracts/Nobody’s").status_code == 404


def test_a_service_level_that_needs_no_visits_any_more_leaves_its_visits_unmatched(
    council: ApiCouncil,
) -> None:
    browser = council.browser("commissioning")
    page = "/lists/service-levels/personal%20care"
    facts = {"name": "Personal Care", "ref": "", "aliases": "PC\nPersonal  care"}
    assert browser.post(page, **facts).status_code == 303
    books = council.council.books()
    assert (books["total_payable"], books["unmatched"]) == ("0.00", {"visits_not_required": 3})
    assert browser.post(page, **facts, requires_visits="y").status_code == 303
    assert council.council.books()["total_payable"] == "36.67"
    assert council.council.differences() == []

    by_alias = council.api(DIAMOND).file(a_file(a_visit("P", MONDAY, ServiceLevel="pc")), confirm="true")
    assert by_alias["counts"]["new"] == 1
    assert council.council.books()["total_payable"] == "56.67"


@pytest.mark.parametrize(
    ("page", "facts", "sentence"),
    [
        ("/lists/service-levels", {"name": "personal  CARE"}, "is “Personal Care” already"),
        (
            "/lists/service-levels",
            {"name": "Night care", "aliases": "Fast track"},
            "“Fast track” is “Fast Track”",
        ),
        ("/lists/service-levels", {"name": "Night care", "ref": "97D5"}, "Write the ref as care has it"),
        ("/lists/service-levels/fast%20track", {"name": "Slow track"}, "Keep the name"),
        (
            "/lists/visit-types/H",
            {"paid": "y", "basis": "", "effective_from": "2022-10-03"},
            "Choose the time that is paid",
        ),
        ("/lists/visit-types/H", {"paid": "y", "basis": "planned"}, "Enter the first planned date"),
        (
            "/lists/visit-types/H",
            {"paid": "y", "basis": "delivered", "effective_from": "2022-10-03"},
            "are not delivered: choose planned",
        ),
    ],
)
def test_what_can_t_stand_on_a_list_is_told_beside_its_field(
    shared: ApiCouncil, page: str, facts: dict[str, str], sentence: str
) -> None:
    answer = shared.browser("finance").post(page, **facts)
    assert (answer.status_code, answer.text.count(sentence)) == (400, 2), answer.text


def test_a_service_level_is_added_and_a_visit_type_is_paid_or_not(council: ApiCouncil) -> None:
    browser = council.browser("finance")
    added = {"name": "Night Sitting", "ref": "11111111-2222-4333-8444-555555555555", "requires_visits": "y"}
    assert browser.post("/lists/service-levels", **added).status_code == 303
    assert "Night Sitting" in browser.get("/lists").text

    page, hospital = "/lists/visit-types/H", {"paid": "y", "charged": "y", "basis": "planned"}
    approve(council, browser.post(page, **hospital, effective_from="2022-10-09"))
    assert council.council.books()["total_payable"] == "36.67"  # it is planned on the day before
    approve(council, browser.post(page, **hospital, effective_from="2022-10-08"))
    assert council.council.books()["total_payable"] == "56.67"
    assert council.council.differences() == []
    assert "Changed before for visits planned from 8 Oct 2022, 9 Oct 2022" in browser.get(page).text
    approve(council, browser.post(page, basis="", effective_from="2022-10-01"))
    assert council.council.books()["total_payable"] == "56.67"  # from the 8th on the later change holds
    assert browser.post(page, basis="", effective_from="2022-10-01").location == "/lists"  # it is set already
    approve(council, browser.post(page, basis="", effective_from="2022-10-08"))
    assert council.council.books()["total_payable"] == "36.67"
    assert council.council.differences() == []


@pytest.mark.parametrize("role", ["approver", "helpdesk", "home_manager"])
def test_lists_are_changed_by_finance_and_commissioning_alone(shared: ApiCouncil, role: str) -> None:
    browser = shared.browser(role, DIAMOND if role == "home_manager" else None)
    for page in (RULES, "/lists/service-levels", "/lists/visit-types/H"):
        assert browser.get(page).status_code == 403
        assert browser.post(page, at="/account/password", effective_from="2022-10-08").status_code == 403
