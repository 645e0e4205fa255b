"""Actions, payment enquiries and provider-led reviews on both sides of the portal, with browsers (RULES 8, 12; [003], [004])."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from libs.common.care.clock import london_day
from services.portal.schema.tables_letters import Letter
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.browser.test_visits_and_payments import CARE, DIAMOND, VISITS
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.browsing import Visitor
from tests.support.run.waiting import wait_until

__all__ = ["council_site", "emptied"]

LETTER = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 a letter"}
PROGRAM = {"name": "letter.pdf.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
FILES = "Attachments (optional)"


@pytest.fixture
def paid(emptied: CouncilSite) -> CouncilSite:
    """A provider's week of £94.07."""
    council = emptied.council.council
    council.import_care(CARE)
    council.import_visits(DIAMOND, VISITS)
    council.books()
    return emptied


@pytest.fixture
def manager(paid: CouncilSite, visitors: Visitors) -> Visitor:
    return signed_in(paid, visitors, "home_manager", DIAMOND)


@pytest.fixture
def officer(paid: CouncilSite, visitors: Visitors) -> Visitor:
    return signed_in(paid, visitors, "finance")


def signed_in(site: CouncilSite, visitors: Visitors, role: str, organisation: str | None = None) -> Visitor:
    visitor = visitors(site.url)
    site.signs_in(visitor, role, organisation)
    return visitor


def is_at_case(visitor: Visitor, subject: str) -> None:
    """The page of a case, looked at closely."""
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(subject)
    if visitor.page.title() not in visitor.looked_at:
        visitor.finds_no_fault()


def goes_to(visitor: Visitor, page: str, subject: str) -> None:
    """From home to a list, and to the case in it."""
    visitor.opens("/")
    visitor.follows(page)
    visitor.page.get_by_role("link", name=subject).click()
    is_at_case(visitor, subject)


def list_letters(site: CouncilSite) -> list[str]:
    """The subject lines of letters about actions, sorted."""
    with site.council.parts.sessions.begin() as transaction:
        subjects = transaction.scalars(select(Letter.subject_line))
        return sorted(subject for subject in subjects if "action" in subject)


def test_an_action_goes_to_and_fro_with_an_attachment_until_it_is_closed(
    paid: CouncilSite, manager: Visitor, officer: Visitor
) -> None:
    manager.opens("/notifications")
    manager.page.get_by_label("Actions", exact=True).check()
    manager.presses("Save")
    manager.sees("Your notifications are saved.")
    manager.opens("/care")
    manager.follows("Submit action about 1")
    manager.is_at("New action")
    expect(manager.page.get_by_label("Care package line item", exact=True)).to_have_value("1")
    manager.fills("Subject", "The end date is wrong")
    manager.fills("Your message", "The client left on Friday.")
    manager.page.get_by_label(FILES, exact=True).set_input_files(PROGRAM)
    manager.presses("Submit action")
    refused = (
        "“letter.pdf.exe” is not a PDF, PNG, JPEG, Word, Excel, CSV or text file: save it as one of these"
    )
    manager.is_told(refused, FILES)
    manager.page.get_by_label(FILES, exact=True).set_input_files(LETTER)
    manager.presses("Submit action")
    is_at_case(manager, "The end date is wrong")
    manager.sees("LA (Finance Team)")

    officer.opens("/")
    officer.sees("1 action awaiting you")
    goes_to(officer, "Actions", "The end date is wrong")
    with officer.page.expect_download() as download:
        officer.follows("letter.pdf")
    assert download.value.suggested_filename == "letter.pdf"
    assert download.value.path().read_bytes() == LETTER["buffer"]
    officer.presses("Comment")
    officer.is_told("Enter a message", "Your message")
    officer.fills("Your message", "Which Friday?")
    officer.presses("Comment")
    officer.sees("assigned it to Provider")
    (letter,) = list_letters(paid)
    assert letter.endswith("and assigned it to you")

    manager.opens("/")
    manager.sees("1 action awaiting you")
    manager.follows("Actions")
    manager.is_at("Actions and change requests")
    row = manager.page.get_by_role("row").filter(has_text="The end date is wrong")
    expect(row).to_contain_text("Open")
    goes_to(manager, "Actions", "The end date is wrong")
    manager.fills("Your message", "7 October.")
    manager.presses("Comment")
    manager.sees("LA (Finance Team)")

    officer.opens("/actions?turn=council")
    officer.is_at("Actions")
    officer.page.get_by_role("link", name="The end date is wrong").click()
    officer.presses("Close the action")
    officer.sees("Closed")
    said = officer.page.get_by_role("list", name="Conversation").get_by_role("listitem")
    expect(said).to_have_count(4)
    assert len(list_letters(paid)) == 2
    expect(said.last).to_contain_text("closed the action")
    expect(officer.page.get_by_role("button", name="Comment")).to_have_count(0)
    manager.opens("/actions")
    manager.sees("There are no such actions.")
    manager.opens("/actions?which=historic")
    manager.sees("The end date is wrong")


def test_a_rejected_payment_is_an_enquiry_that_is_answered_and_settled(
    paid: CouncilSite, manager: Visitor, officer: Visitor
) -> None:
    manager.opens("/payments/2022-10-03")
    manager.follows("Reject the payment")
    manager.fills("Reason", "V2 was a full visit")
    manager.presses("Reject the payment")
    manager.sees("The council sees your reason")
    wait_until(paid.council.council.is_settled, 30)
    manager.opens("/payments/2022-10-03")
    manager.follows("See the enquiry")
    is_at_case(manager, "Scheduled payment rejected")
    manager.sees("An answer is due by the end of")
    manager.sees("£94.07")

    officer.opens("/")
    officer.sees("1 enquiry awaiting action")
    goes_to(officer, "Payment enquiries", "Scheduled payment rejected")
    officer.fills("Your message", "Please send the visit again as delivered.")
    officer.presses("Send answer")
    officer.sees("Done: answered.")

    goes_to(manager, "Payment enquiries", "Scheduled payment rejected")
    manager.presses("Settle the enquiry")
    manager.sees("It is over: nothing can be added.")
    manager.opens("/payments/2022-10-03")
    manager.page.get_by_role("link", name="View the item of").first.click()
    manager.follows("Question this payment item")
    manager.is_at("Question a payment")
    manager.fills("Your message", "Too little")
    manager.presses("Send enquiry")
    is_at_case(manager, "Payment item of £94.07")
    manager.opens("/enquiries/new")
    manager.is_at("Report a missing payment")
    manager.presses("Send enquiry")
    manager.is_told("Enter any day of the week", "Week")
    manager.fills("Client’s SSRef", "A200")
    manager.fills("Week", "3/10/2022")
    manager.fills("Amount expected (optional)", "20.00")
    manager.fills("Your message", "Nothing came")
    manager.presses("Send enquiry")
    is_at_case(manager, "Missing payment")
    officer.opens("/enquiries")
    officer.is_at("Payment enquiries")
    expect(officer.page.get_by_role("row")).to_have_count(3)


def test_a_review_of_a_week_is_approved_twice_and_its_visits_are_paid(
    paid: CouncilSite, manager: Visitor, officer: Visitor, visitors: Visitors
) -> None:
    today = london_day(dt.datetime.now(dt.UTC))
    manager.opens("/care/1")
    manager.follows("Ask for planned extra care")
    manager.is_at("Ask for a provider-led review")
    manager.fills("First day", f"{today:%d/%m/%Y}")
    manager.fills("Last day", f"{today + dt.timedelta(days=14):%d/%m/%Y}")
    manager.page.get_by_label("Day", exact=True).first.select_option("Every day")
    manager.page.get_by_label("From", exact=True).first.fill("18:00")
    manager.page.get_by_label("Until", exact=True).first.fill("18:30")
    manager.fills("Your message", "Her daughter is in hospital.")
    manager.presses("Send review")
    manager.is_told(
        "Enter a last day within 14 days: ask the council about care beyond two weeks", "Last day"
    )
    manager.fills("Last day", f"{today + dt.timedelta(days=6):%d/%m/%Y}")
    manager.presses("Send review")
    is_at_case(manager, "Extra care for CPLI 1")
    manager.sees("Needed: a visit is over 15 minutes")

    officer.opens("/")
    officer.sees("1 review to decide")
    goes_to(officer, "Provider-led reviews", "Extra care for CPLI 1")
    expect(officer.page.get_by_role("button", name="Approve the review")).to_have_count(0)
    officer.page.get_by_role("button", name="Approve internally").click()
    officer.finds_no_fault()
    officer.presses("Approve internally")
    officer.sees("Done: approved it internally.")

    keeper = signed_in(paid, visitors, "commissioning")
    goes_to(keeper, "Provider-led reviews", "Extra care for CPLI 1")
    keeper.page.get_by_role("button", name="Approve the review").click()
    keeper.finds_no_fault()
    keeper.fills("CpliId", "3")
    keeper.presses("Approve the review")
    keeper.is_told("CpliId 3 is other care: enter the one that your own system gave the extra care", "CpliId")
    keeper.fills("CpliId", "900")
    keeper.presses("Approve the review")
    keeper.sees("Done: approved the review.")
    council = paid.council.council
    wait_until(council.is_settled, 30)
    keeper.follows("900")
    keeper.is_at("Care package line item 900")
    keeper.sees("18:00 to 18:30")

    day = f"{today:%d/%m/%Y}"
    planned = {"PlannedVisitDate": day, "PlannedEntryTime": "18:00", "PlannedExitTime": "18:30"}
    delivered = {"DeliveredVisitDate": day, "DeliveredEntryTime": "18:00", "DeliveredExitTime": "18:30"}
    council.import_visits(DIAMOND, a_file(a_row(VisitRef="R1", **planned, **delivered)))
    weeks = council.books()["weeks"]
    monday = today - dt.timedelta(days=today.weekday())
    assert weeks[f"900/{monday}"] == [1800, 0, "11.61", "0.00"]
    assert council.differences() == []
    manager.opens("/reviews")
    manager.is_at("Provider-led reviews")
    manager.sees("There are no such reviews.")
