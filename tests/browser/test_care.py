"""Care package line items with a browser, and care files checked before they are imported (RULES 2, [003])."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, rows_of
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

RUBY = "Ruby Home Support Ltd"
PEARL = "Pearl Carers Ltd"
OXFORD, VALE = "Ruby Home Support - DAPL Oxford", "Ruby Home Support - DAPL Vale"
BROCKMAN = {"SSRef": "A308839", "Title": "Mr", "Forename": "Kent", "Surname": "Brockman"}
KRABAPPEL = {"SSRef": "A293343", "Title": "Ms", "Forename": "Edna", "Surname": "Krabappel"}
GUMBLE = {"SSRef": "A378825", "Forename": "Barney", "Surname": "Gumble"}
TIMETABLE = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def a_ruby_row(cpli_id: int, **cells: str) -> dict[str, str]:
    ruby = {"OrganisationName": RUBY, "ServiceName": OXFORD, "UnitCost": "23.226", "StartDate": "03/10/2022"}
    return a_care_row(cpli_id, **(ruby | cells))


ONE_OFF = {"Quantity": "1", "Unit": "Payment", "Frequency": "One-off", "UnitCost": "15.00"}
ROWS = (
    a_ruby_row(156017, **BROCKMAN, Timetable=TIMETABLE, Pricing="Timetabled Pricing"),
    a_ruby_row(
        156058,
        **(BROCKMAN | ONE_OFF),
        ServiceLevel="Hospital Incentive Payment",
        StartDate="15/11/2022",
        EndDate="15/11/2022",
    ),
    a_ruby_row(156019, **KRABAPPEL, ServiceName=VALE, Quantity="5", Authorised="N"),
    a_care_row(9, **GUMBLE, OrganisationName=PEARL, ServiceName="Pearl Carers - DAPL South"),
)
VISITS = a_file(a_row(SSRef="A308839", ServiceName=OXFORD, PlannedVisitDate="04/10/2022"))


@pytest.fixture
def commissioned(emptied: CouncilSite) -> CouncilSite:
    """The care of [003]'s picture with Ruby Home Support, one line item of another provider, and a matched visit."""
    emptied.council.council.import_care(a_care_file(*ROWS))
    emptied.council.council.import_visits(RUBY, VISITS)
    emptied.council.council.books()
    return emptied


def row_with(visitor: Visitor, words: str) -> Locator:
    return visitor.page.get_by_role("row").filter(has_text=words)


def test_a_provider_looks_at_its_care_package_line_items(
    commissioned: CouncilSite, visitors: Visitors
) -> None:
    manager = visitors(commissioned.url)
    commissioned.signs_in(manager, "home_manager", RUBY)
    manager.follows("Care package line items")
    manager.is_at("Care package line items")
    expect(row_with(manager, "156017")).to_contain_text(
        re.compile(
            r"Mr Kent Brockman\s*A308839.*DAPL Oxford.*£162.58 Weekly.*7 x Hours \(Timetabled Pricing\)", re.S
        )
    )
    expect(row_with(manager, "156019")).to_contain_text(re.compile(r"£116.13 Weekly.*5 x Hours.*Draft", re.S))
    expect(row_with(manager, "156058")).to_have_count(0)
    expect(row_with(manager, "Gumble")).to_have_count(0)
    manager.page.get_by_label("Include historical", exact=True).check()
    manager.page.get_by_label("Service", exact=True).select_option(OXFORD)
    manager.fills("Client: name or reference", "A308839")
    manager.presses("View")
    expect(row_with(manager, "156058")).to_contain_text(
        re.compile(r"£15.00 One-off.*1 x Payment at £15.00", re.S)
    )
    expect(row_with(manager, "156019")).to_have_count(0)
    manager.page.get_by_label("Service level", exact=True).select_option("Personal Care")
    manager.presses("View")
    expect(row_with(manager, "156058")).to_have_count(0)
    with manager.page.expect_download() as download:
        manager.follows("Download the Commissioned Care Export")
    rows = rows_of(download.value.path().read_text(encoding="utf-8-sig"))
    assert [(row["SSRef"], row["CurrentQuantity"]) for row in rows] == [("A308839", "7"), ("A293343", "5")]
    manager.follows("156017")
    manager.is_at("Care package line item 156017")
    manager.sees("09:00 to 10:00")
    manager.follows("Mon 3 to Sun 9 Oct 2022")
    expect(row_with(manager, "A308839")).to_contain_text("Mr Kent Brockman")
    manager.opens("/care/9")
    manager.is_at("Page not found")


def test_a_one_off_payment_is_in_its_period_with_what_made_it(
    commissioned: CouncilSite, visitors: Visitors
) -> None:
    manager = visitors(commissioned.url)
    commissioned.signs_in(manager, "home_manager", RUBY)
    manager.opens("/payments/2022-10-31")
    of_item = row_with(manager, "156058")
    expect(of_item).to_contain_text(
        re.compile(r"One-off payment.*1 × £15.00 once.*starts on 15 Nov 2022", re.S)
    )
    manager.finds_no_fault()
    of_item.get_by_role("link").first.click()
    manager.sees("Payment item of £15.00")
    manager.finds_no_fault()
    manager.opens("/payments/2022-10-31/remittance")
    expect(row_with(manager, "A308839")).to_contain_text("One-off payment")


def sends_care(officer: Visitor, *rows: dict[str, str]) -> None:
    officer.opens("/care-imports")
    officer.page.locator("input[type=file]").set_input_files(
        {"name": "october.csv", "mimeType": "text/csv", "buffer": a_care_file(*rows).encode()}
    )
    officer.presses("Check the file")


def test_the_council_checks_a_care_file_before_it_updates(
    commissioned: CouncilSite, visitors: Visitors
) -> None:
    officer = visitors(commissioned.url)
    commissioned.signs_in(officer, "finance")
    officer.opens("/care-imports")
    officer.is_at("Care imports")
    officer.presses("Check the file")
    officer.is_told("Choose a care file", "Care file")
    ends = ROWS[0] | {"EndDate": "30/10/2022", "Quantity": "3.5"}
    unreadable = ROWS[2] | {"StartDate": "31/02/2022", "Unit": "Days"}
    sends_care(officer, ends, ROWS[1], unreadable, a_ruby_row(7, SSRef="A1"))
    officer.is_at("Check the file before you update")
    numbers = officer.page.locator("dl.portal-numbers")
    expect(numbers).to_have_text(re.compile(r"New\s+1\s+Changed\s+1\s+Unchanged\s+1\s+Rejected\s+1\s*$"))
    officer.sees("Correct StartDate in 1 row")
    expect(row_with(officer, "StartDate “31/02/2022” is no day of the calendar")).to_contain_text("4")
    expect(row_with(officer, "EndDate").filter(has_text="30/10/2022")).to_contain_text("156017")
    expect(row_with(officer, "Quantity")).to_contain_text(re.compile(r"Quantity\s+7\s+3.5"))
    officer.sees("What it changes in money")
    expect(row_with(officer, RUBY)).to_contain_text(re.compile(r"£162.58\s+£162.58\s+£0.00\s+£0.00"))
    with officer.page.expect_download() as download:
        officer.follows("Download only the rejected rows")
    (rejected,) = rows_of(download.value.path().read_text(encoding="utf-8-sig"))
    reasons = rejected.pop("Reasons")
    assert rejected == unreadable
    assert "StartDate “31/02/2022” is no day of the calendar" in reasons
    officer.opens("/")
    officer.sees("1 checked care file to update")
    officer.opens("/care/156017")
    officer.sees("£162.58 Weekly")  # nothing has changed yet
    commissioned.council.council.import_care(a_care_file(ROWS[0] | {"EndDate": "31/10/2022"}))
    officer.opens("/care-imports")
    officer.follows("october.csv")
    officer.presses("Update 2 care package line items")
    officer.sees("Nothing was updated: care changed after the check that you saw")
    expect(row_with(officer, "EndDate").filter(has_text="30/10/2022")).to_contain_text("31/10/2022")
    officer.presses("Update 2 care package line items")
    officer.sees("All steps of matching and payment are done.")
    officer.finds_no_fault()
    officer.opens("/care/156017")
    officer.sees("£81.29 Weekly")
    expect(row_with(officer, "EndDate: 31/10/2022 → 30/10/2022")).to_contain_text("Quantity: 7 → 3.5")
    officer.finds_no_fault()
    sends_care(officer, ends, ROWS[1])
    officer.is_at("This file changes nothing")
    officer.presses("Cancel")
    officer.sees("The file was cancelled.")


def test_the_check_names_line_items_that_are_paid_in_another_way_with_what_it_takes_back(
    commissioned: CouncilSite, visitors: Visitors
) -> None:
    officer = visitors(commissioned.url)
    commissioned.signs_in(officer, "finance")
    sends_care(officer, ROWS[0] | {"PaymentMethod": "Invoice"})
    officer.sees("Paid in another way: 1 line item")
    of_method = row_with(officer, "156017").filter(has_text="A308839")
    expect(of_method).to_contain_text(re.compile(r"Visits\s+Invoice\s+−£11.23\s+£0.00"))
    officer.finds_no_fault()


def sends_carers(visitor: Visitor, *rows: str) -> None:
    content = "\r\n".join(("CarerRef,Forename,Surname", *rows)).encode()
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": "carers.csv", "mimeType": "text/csv", "buffer": content}
    )
    visitor.presses("Check the file")


def test_carers_are_checked_and_then_imported(commissioned: CouncilSite, visitors: Visitors) -> None:
    commissioned.council.council.import_carers(RUBY, "CarerRef,Forename,Surname\nC1,Ann,Bell\nC2,Bo,Cole\n")
    manager = visitors(commissioned.url)
    commissioned.signs_in(manager, "home_manager", RUBY)
    manager.opens("/carers")
    manager.is_at("Carers")
    sends_carers(manager, "C1,Ann,Bell", "C2,Bo,Day", "C3,Cy,Ede", ",Di,Fox")
    manager.is_at("Check the carers before you update")
    manager.sees("Enter CarerRef in 1 row")
    expect(row_with(manager, "C2")).to_contain_text(re.compile(r"Bo Cole\s+Bo Day"))
    seen = manager.page.url
    manager.presses("Update 2 carers")
    manager.sees("The system was updated: 2 carers from carers.csv.")
    expect(row_with(manager, "C3")).to_contain_text("Cy Ede")
    manager.page.goto(seen)
    manager.is_at("This file changes nothing")
    officer = visitors(commissioned.url)
    commissioned.signs_in(officer, "commissioning")
    officer.page.goto(seen)
    officer.is_at("Page not found")
    officer.opens("/carers")
    sends_carers(officer, "C9,Eve,Gill")
    officer.is_told("Choose whose carers these are", "Provider")
    officer.page.get_by_label("Provider", exact=True).select_option(RUBY)
    sends_carers(officer, "C9,Eve,Gill")
    officer.presses("Update 1 carer")
    expect(row_with(officer, "C9")).to_contain_text("Eve Gill")
