"""A client's hospital stay suspends HTLAH care: its money is taken back, and comes back when the stay is withdrawn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text

from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

HTLAH = {
    "SSRef": "A123456",
    "Surname": "Hart",
    "Contract": "HTLAH",
    "ServiceName": "Diamond - HTLAH",
    "UnitCost": "30",
}
DAPL = {"SSRef": "A123456", "Surname": "Hart", "ServiceName": "Pearl - DAPL", "OrganisationName": PEARL}
CARE = a_care_file(a_care_row(1, **HTLAH), a_care_row(2, **DAPL, UnitCost="20"))


def visits(service: str) -> str:
    """An hour on Monday 3 October 2022, one on Tuesday and one on Wednesday."""
    days = (f"0{day}/10/2022" for day in (3, 4, 5))
    return a_file(
        *(
            a_visit(f"V{i}", ServiceName=service, PlannedVisitDate=day, DeliveredVisitDate=day)
            for i, day in enumerate(days)
        )
    )


@pytest.fixture
def paid(shared: ApiCouncil) -> ApiCouncil:
    """A client with HTLAH care of one provider and DAPL care of another, three hours of each paid."""
    shared.empty()
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.council.import_visits(DIAMOND, visits("Diamond - HTLAH"))
    shared.council.import_visits(PEARL, visits("Pearl - DAPL"))
    assert shared.council.books()["total_payable"] == "150.00"
    return shared


@pytest.fixture
def officer(paid: ApiCouncil) -> Browser:
    return paid.browser("finance")


def page_of(council: ApiCouncil, officer: Browser) -> str:
    """The address of the client's page, as its SSRef leads there."""
    found = officer.get("/clients/A123456")
    assert found.status_code == 302
    assert officer.get(found.location).status_code == 200
    return str(found.location)


def enters(officer: Browser, page: str, **fields: str) -> Any:
    stay = {"kind": "hospital", "from_on": "2022-10-04", "to_on": "", "note": "A fall"}
    return officer.post(f"{page}/circumstances", at=page, **(stay | fields))


def payment_items_in(page: str) -> set[str]:
    """The addresses of the payment items that a page leads to."""
    return set(re.findall(r'href="(/payments/items/[0-9a-f-]+)"', page))


def find_link(officer: Browser, page: str, words: str) -> str:
    """The address behind *End* or *Withdraw*."""
    found = re.search(rf'href="([^"]*/{words})"', officer.get(page).text)
    assert found is not None
    return found[1]


def test_a_stay_takes_the_money_of_its_days_back_and_its_end_and_withdrawal_give_it_back(
    paid: ApiCouncil, officer: Browser
) -> None:
    council, page = paid.council, page_of(paid, officer)
    assert enters(officer, page).status_code == 303
    books = council.books()
    assert (books["unmatched"], books["total_payable"]) == ({"suspended": 2}, "90.00")
    assert books["payable"] == {DIAMOND: "30.00", PEARL: "60.00"}
    assert council.differences() == []
    checked = council.check_visits(DIAMOND, a_file(a_visit("V9", ServiceName="Diamond - HTLAH")))
    assert checked["counts"]["new"] == 1
    late = a_visit(
        "V8", ServiceName="Diamond - HTLAH", PlannedVisitDate="06/10/2022", DeliveredVisitDate="06/10/2022"
    )
    council.import_visits(DIAMOND, a_file(late))
    assert council.books()["unmatched"] == {"suspended": 3}
    assert officer.post(find_link(officer, page, "end"), to_on="4/10/2022").status_code == 303
    books = council.books()
    assert (books["unmatched"], books["total_payable"]) == ({"suspended": 1}, "150.00")
    assert officer.post(find_link(officer, page, "withdraw"), note="Another client").status_code == 303
    books = council.books()
    assert (books["unmatched"], books["total_payable"]) == ({}, "180.00")
    assert council.differences() == []
    shown = officer.get(page).text
    assert "Withdrawn" in shown
    assert "Another client" in shown


def test_what_contradicts_is_refused_beside_its_field_and_stores_nothing(
    paid: ApiCouncil, officer: Browser
) -> None:
    page = page_of(paid, officer)
    for fields, sentence in (
        ({"kind": ""}, "Choose what is the case"),
        ({"from_on": "31/02/2022"}, "Enter first day as a date"),
        ({"to_on": "2022-10-03"}, "The last day must not be before the first day"),
        ({"note": "x" * 1001}, "1,000 characters or fewer"),
    ):
        answer = enters(officer, page, **fields)
        assert (answer.status_code, sentence in answer.text) == (400, True), answer.text
    assert enters(officer, page, kind="respite").status_code == 303
    again = enters(officer, page, kind="respite", from_on="2022-11-01")
    assert (again.status_code, "overlap with another entry" in again.text) == (400, True)
    assert paid.council.books()["total_payable"] == "150.00"  # respite suspends nothing
    with paid.council.sessions["matching"].begin() as session:
        assert session.scalar(text("SELECT count(*) FROM client_circumstances")) == 1


def test_a_provider_neither_sees_nor_changes_circumstances(paid: ApiCouncil, officer: Browser) -> None:
    page = page_of(paid, officer)
    enters(officer, page)
    end = find_link(officer, page, "end")
    manager = paid.browser("home_manager", DIAMOND)
    for path in (page, "/clients", "/clients/A123456", end):
        assert manager.get(path).status_code == 403
    approver = paid.browser("approver")
    assert "A fall" in approver.get(page).text
    assert approver.get(end).status_code == 403


def test_search_finds_clients_line_items_visits_and_payment_items_that_one_may_see(
    paid: ApiCouncil, officer: Browser
) -> None:
    page = page_of(paid, officer)
    council = officer.get("/search?q=a123456").text
    assert f'href="{page}"' in council
    assert f'href="{page}"' in officer.get("/search?q=har").text
    assert "/visits/V1?organisation=Pearl" in officer.get("/search?q=V1").text
    items = payment_items_in(council)
    assert len(items) == 2
    assert {officer.get(item).status_code for item in items} == {200}
    paid.council.import_care(a_care_file(a_care_row(77001, SSRef="B1"), a_care_row(77002, **DAPL)))
    found = officer.get("/search?q=7700").text
    assert "/care/77001" in found
    assert "/care/77002" in found
    manager = paid.browser("home_manager", DIAMOND)
    own = manager.get("/search?q=7700").text
    assert "/care/77001" in own
    assert "/care/77002" not in own
    assert "/care?client=A123456" in manager.get("/search?q=Hart").text
    assert "Pearl" not in manager.get("/search?q=V1").text
    assert len(payment_items_in(manager.get("/search?q=A123456").text)) == 1
    assert "/care?client=A123456" in manager.get("/search?q=3456").text
    assert "No client has “%_” in the name" in manager.get("/search?q=%25_").text
    assert "Enter 2 or more characters" in manager.get("/search?q=V").text
