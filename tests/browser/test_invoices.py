"""Invoices from both sides, with a browser: made, submitted, accepted, rejected, credited, with VAT (RULES 13)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

DIAMOND = "Diamond Home Care Ltd"
SERVICE = "Diamond Home Care - DAPL Oxford"
PERIOD = "3 Oct 2022 to 30 Oct 2022"
DAY = "2022-10-03"
BY_INVOICE = {
    "PaymentMethod": "Invoice",
    "StartDate": "03/10/2022",
    "EndDate": "09/10/2022",
    "UnitCost": "23.226",
}
COLLECTED = {"AssessedContribution": "56.20", "ContributionCollectedBy": "Provider", "Forename": "Ada"}
CARE = (
    a_care_row(1, **BY_INVOICE | COLLECTED | {"Quantity": "5", "SSRef": "A123456"}),
    a_care_row(2, **BY_INVOICE | {"Quantity": "3.5", "SSRef": "A200"}),
)
CREATE = f"Create an invoice for DAPL, {PERIOD}"


@pytest.fixture
def owed(emptied: CouncilSite) -> CouncilSite:
    """A provider is owed 116.13 and 81.29 less 56.20 that it collects (RULES 17)."""
    emptied.council.council.import_care(a_care_file(*CARE))
    emptied.council.council.books()
    return emptied


@pytest.fixture
def clerk(owed: CouncilSite, visitors: Visitors) -> Visitor:
    """The accounts clerk of the provider, signed in."""
    visitor = visitors(owed.url)
    owed.signs_in(visitor, "accounts_payable", DIAMOND)
    return visitor


@pytest.fixture
def officer(owed: CouncilSite, visitors: Visitors) -> Visitor:
    """Finance, signed in."""
    visitor = visitors(owed.url)
    owed.signs_in(visitor, "finance")
    return visitor


def makes(clerk: Visitor, number: str) -> None:
    """Make an invoice of all that is owed, and submit it."""
    clerk.opens(f"/invoices/new?contract=DAPL&period={DAY}")
    clerk.is_at(CREATE)
    clerk.fills("Your invoice number", number)
    clerk.presses("Create the invoice")
    clerk.is_at(f"Invoice {number}")


def test_an_invoice_is_made_submitted_accepted_and_credited(
    owed: CouncilSite, clerk: Visitor, officer: Visitor
) -> None:
    clerk.opens("/invoices")
    clerk.is_at("Invoices and credit notes")
    clerk.sees("There are no invoices or credit notes.")
    clerk.opens(f"/invoices/to-invoice?period={DAY}")
    clerk.is_at(f"{PERIOD} To invoice or to credit")
    clerk.sees("£116.13")
    clerk.follows("Create an invoice for DAPL")
    clerk.is_at(CREATE)
    clerk.presses("Create the invoice")
    clerk.is_told("Enter your invoice number", "Your invoice number")
    makes(clerk, "INV 1")
    clerk.sees("£141.22")
    owed.council.council.import_care(a_care_file(CARE[1] | {"Quantity": "3"}))
    owed.council.council.books()
    clerk.opens("/invoices")
    clerk.follows("INV 1")
    clerk.sees("What changed since it was made")
    clerk.finds_no_fault()
    clerk.presses("Submit to the council")
    clerk.sees("Invoice INV 1 is submitted to the council.")

    officer.opens("/invoices")
    officer.is_at("Invoices and credit notes")
    officer.follows("INV 1")
    officer.is_at("Invoice INV 1")
    owed.council.council.import_care(a_care_file(CARE[1]))
    owed.council.council.books()
    officer.presses("Accept £129.61")
    officer.sees("INV 1 was not accepted: it is Pending and comes to £141.22 now.")
    officer.presses("Accept £141.22")
    officer.sees("INV 1 is accepted: £141.22 is posted.")
    officer.finds_no_fault()
    officer.follows("The payment period from 3 Oct 2022")
    officer.is_at(f"Payment period {PERIOD}")
    expect(officer.page.get_by_role("row").filter(has_text="Invoice INV 1").first).to_contain_text("£")
    officer.finds_no_fault()

    clerk.opens("/invoices")
    clerk.follows("INV 1")
    clerk.page.get_by_role("link", name="Credit A200").click()
    clerk.is_at("Credit a line of INV 1")
    clerk.fills("Amount to credit", "81.30")
    clerk.fills("Reason", "Twice")
    clerk.presses("Create the credit note")
    clerk.is_told(
        "£81.29 is left of this line: credit more than nothing and no more than that.", "Amount to credit"
    )
    clerk.fills("Amount to credit", "1.29")
    clerk.presses("Create the credit note")
    clerk.is_at("Credit note INV 1/C1")
    clerk.presses("Submit to the council")
    officer.opens("/invoices?state=Pending")
    officer.page.get_by_label("Choose INV 1/C1").check()
    officer.presses("Accept those chosen")
    officer.sees("1 invoice or credit note accepted.")
    assert owed.council.council.books()["payable"][DIAMOND] == "196.13"


def test_one_is_rejected_with_a_reason_and_another_deleted(clerk: Visitor, officer: Visitor) -> None:
    makes(clerk, "A")
    clerk.presses("Submit to the council")
    officer.opens("/invoices?state=Pending")
    officer.finds_no_fault()
    officer.presses("Reject those chosen")
    officer.sees("Nothing was done: tick the invoices first.")
    officer.opens("/invoices?state=Pending")
    officer.follows("A")
    officer.follows("Reject it")
    officer.is_at("Reject A of £141.22")
    officer.presses("Reject")
    officer.is_told("Enter a reason", "Reason")
    officer.fills("Reason", "Not agreed")
    officer.presses("Reject")
    officer.sees("A is rejected. The provider sees your reason.")
    clerk.opens("/invoices")
    clerk.follows("A")
    clerk.sees("Not agreed")
    makes(clerk, "B")
    clerk.presses("Delete")
    clerk.sees("Invoice B is deleted. Its number can be used again.")


def test_terms_and_rates_are_set_and_a_vat_invoice_attached(clerk: Visitor, officer: Visitor) -> None:
    officer.opens("/invoices/settings")
    officer.is_at("Terms of contracts and VAT rates")
    officer.page.get_by_role("button", name="Set a VAT rate").click()
    officer.is_at("Set the VAT rate of a service")
    officer.page.get_by_label("Provider", exact=True).select_option(DIAMOND)
    officer.fills("Service", SERVICE)
    officer.fills("VAT rate in per cent", "20")
    officer.presses("Set the rate")
    officer.is_told("A VAT rate needs terms Invoice: set them for contract DAPL first.")
    officer.opens("/invoices/settings/terms")
    officer.is_at("Set the terms of a contract")
    officer.page.get_by_label("Contract", exact=True).select_option("DAPL")
    officer.page.get_by_label("Terms", exact=True).select_option("Invoice")
    officer.fills("From the payment period that begins on", "3/10/2022")
    officer.presses("Set the terms")
    officer.sees("DAPL has terms Invoice from then on.")
    officer.opens("/invoices/settings/vat-rates")
    officer.page.get_by_label("Provider", exact=True).select_option(DIAMOND)
    officer.fills("Service", SERVICE)
    officer.fills("VAT rate in per cent", "20")
    officer.presses("Set the rate")
    officer.sees(f"{SERVICE} has a VAT rate of 20%.")
    officer.finds_no_fault()

    makes(clerk, "V 1")
    clerk.sees("£180.70")
    clerk.presses("Submit to the council")
    clerk.sees("A service on this invoice has VAT: give your VAT registration number.")
    clerk.follows("Attach your VAT invoice")
    clerk.is_at("Attach your VAT invoice to V 1")
    clerk.fills("VAT registration number", "980 7806 85")
    file = {"name": "vat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 an invoice"}
    clerk.page.locator("input[type=file]").set_input_files(file)
    clerk.presses("Attach")
    clerk.is_told(
        "This is no VAT registration number: its form or its check digits are wrong."
        " One looks like GB 980 7806 84.",
        "VAT registration number",
    )
    clerk.fills("VAT registration number", "980 7806 84")
    clerk.page.locator("input[type=file]").set_input_files(file)
    clerk.presses("Attach")
    clerk.sees("The VAT invoice is attached.")
    clerk.finds_no_fault()
    clerk.presses("Submit to the council")
    clerk.sees("Invoice V 1 is submitted to the council.")
