"""The council's lists with a browser: pay rules set and tried out, a service level added (RULES 2, 6)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.support.builders.care_files import a_care_file, a_care_row

__all__ = ["council_site", "emptied"]


def test_finance_sets_pay_rules_tries_them_and_adds_a_service_level(
    emptied: CouncilSite, visitors: Visitors
) -> None:
    emptied.council.council.import_care(a_care_file(a_care_row(1, SSRef="L1")))
    emptied.council.council.books()
    officer = visitors(emptied.url)
    emptied.signs_in(officer, "finance")
    officer.follows("Lists")
    officer.is_at("Lists")
    officer.follows("DAPL")
    officer.is_at("Contract DAPL")
    officer.sees("No pay rules")

    officer.opens("/lists/contracts/DAPL/pay-rules")
    officer.is_at("Pay rules of DAPL")
    officer.presses("Set pay rules")
    officer.is_told("Enter the first planned date", "First planned date")
    officer.fills("First planned date", "2022-10-03")
    officer.fills("Minutes that a visit pays at least", "30")
    officer.presses("Set pay rules")
    officer.is_at("Proposal Pay rules of DAPL from 3 Oct 2022")
    officer.sees("Somebody else must approve what you have proposed.")
    emptied.council.council.books()
    second = visitors(emptied.url)
    emptied.signs_in(second, "commissioning")
    second.follows("Proposals")
    second.is_at("Proposals")
    second.finds_no_fault()
    second.follows("Pay rules of DAPL from 3 Oct 2022")
    second.sees("It changes nothing that is payable by now.")
    second.finds_no_fault()
    second.presses("Approve")
    second.sees("The proposal is approved.")

    officer.opens("/lists/contracts/DAPL/try")
    officer.is_at("Try a visit of DAPL")
    visit = {
        "Planned date": "2022-10-04",
        "Planned entry": "09:00",
        "Planned exit": "10:00",
        "Delivered entry": "09:00",
        "Delivered exit": "09:20",
    }
    for label, value in visit.items():
        officer.fills(label, value)
    officer.page.get_by_label("Unit cost").fill("20.00")
    officer.presses("Work it out")
    expect(officer.page.get_by_text("This visit pays")).to_contain_text("£10.00")
    officer.sees("Minimum: 20 min is raised to 30 min.")
    officer.finds_no_fault()

    officer.opens("/lists/service-levels")
    officer.finds_no_fault()
    officer.fills("Name", "Night Sitting")
    officer.page.get_by_role("button").filter(has_text="service level").click()
    officer.is_at("Lists")
    expect(officer.page.get_by_role("row").filter(has_text="Night Sitting")).to_contain_text("Not required")
    officer.opens("/lists/visit-types/DHS")
    officer.finds_no_fault()
