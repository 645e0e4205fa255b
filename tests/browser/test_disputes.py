"""Disputes from being raised to being resolved, on both sides of the portal, with a browser (RULES 9; [003] Disputes)."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from playwright.sync_api import expect
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from services.disputes.disputes.steps import raise_disputes
from services.portal.letters import store as letters_store
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.browser.test_visits_and_payments import DIAMOND, paid
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied", "paid"]

DISPUTE = re.compile(r"Missing Comment\s+Dispute \d+")
OFFICER = {"who": "officer", "role": "council", "organisation": None}


def people(paid: CouncilSite, visitors: Visitors) -> tuple[Visitor, Visitor]:
    """Somebody of the council's finance team, and a provider's manager, who wants letters about disputes."""
    officer, manager = visitors(paid.url), visitors(paid.url)
    paid.signs_in(officer, "finance")
    email = paid.signs_in(manager, "home_manager", DIAMOND)
    with paid.council.parts.sessions.begin() as transaction:
        query = text("SELECT account_id FROM accounts WHERE email = :email")
        account_id = transaction.execute(query, {"email": email}).scalar_one()
        letters_store.save_kinds(transaction, account_id, ["disputes"])
    return officer, manager


def count_letters(paid: CouncilSite) -> int:
    with paid.council.parts.sessions.begin() as transaction:
        return int(transaction.execute(text("SELECT count(*) FROM letters")).scalar_one())


def test_a_dispute_goes_from_the_council_to_the_provider_and_back_until_it_is_resolved(
    paid: CouncilSite, visitors: Visitors
) -> None:
    officer, manager = people(paid, visitors)
    written = count_letters(paid)

    officer.opens("/visits?week=2022-10-03")
    for ref in ("V1", "V2"):
        officer.page.get_by_label(f"Choose visit {ref}", exact=True).check()
    officer.presses("Raise a dispute on the chosen visits")
    officer.is_at("Raise a dispute")
    officer.presses("Raise the disputes")
    officer.is_told("Choose the reason")
    officer.is_told("Enter what you ask of the provider", "What do you ask of the provider?")
    officer.page.get_by_label("Missing Comment", exact=True).check()
    officer.fills("What do you ask of the provider?", "Why was it longer, and why not delivered?")
    officer.presses("Raise the disputes")
    officer.is_at(DISPUTE)
    officer.sees("The dispute is raised.")
    officer.sees("Until then you can only take back a dispute that was raised in error.")

    manager.opens("/")
    manager.sees("1 dispute awaiting action")
    manager.follows("Disputes")
    manager.is_at("1 open Dispute (1 awaiting action)")
    row = manager.page.get_by_role("row").filter(has_text="In Dispute")
    expect(row).to_contain_text("Why was it longer, and why not delivered?")
    expect(row).to_contain_text("3 Oct 2022")
    row.get_by_role("link", name=re.compile("^Edit dispute")).click()
    manager.is_at(DISPUTE)
    manager.sees("An answer is due by the end of")
    manager.presses("Request Resolution")
    manager.is_told("Enter a message", "Response")
    manager.fills("Response", "She had a fall. The log is attached.")
    log = {"name": "log.txt", "mimeType": "text/plain", "buffer": b"10:00 fall\n"}
    manager.page.locator("input[type=file]").set_input_files(log)  # type: ignore[arg-type]
    manager.presses("Request Resolution")
    manager.sees("The resolution request has been sent to the LA.")
    dispute = manager.page.url.removeprefix(paid.url)

    officer.opens(dispute)
    with officer.page.expect_download() as download:
        officer.follows("log.txt")
    assert download.value.path().read_bytes() == b"10:00 fall\n"
    officer.fills("Your message", "Please write it into the visit.")
    officer.presses("Ask again")
    officer.sees("The provider is asked again, and has seven days.")

    manager.opens(dispute)
    manager.follows("Edit visit V1")
    manager.is_at("Correct visit V1")
    manager.fills("Comments", "She had a fall")
    manager.presses("Save the visit")
    manager.sees("Visit V1 was saved.")
    manager.page.get_by_role("link", name=re.compile(r"^Missing Comment, dispute \d+$")).click()
    manager.sees("Changed since the dispute was raised")
    manager.sees("Comments: empty → She had a fall")
    manager.finds_no_fault()
    manager.fills("Response", "Resubmitted.")
    manager.presses("Request Resolution")

    officer.opens("/disputes")
    officer.is_at("1 open Dispute (1 awaiting action)")
    officer.presses("Resolve the chosen disputes")
    officer.sees("Nothing was chosen: tick rows of the list, or all that the filters show.")
    officer.page.get_by_label(re.compile("^Choose dispute")).check()
    officer.presses("Resolve the chosen disputes")
    officer.is_at("Resolve disputes")
    officer.sees("What the visits in dispute pay now, which stays as it is")
    officer.finds_no_fault()
    officer.fills("Your message to each provider (optional)", "All received, thanks.")
    officer.presses("Resolve 1 dispute")
    officer.sees("1 dispute resolved.")
    assert count_letters(paid) - written == 3  # raised, asked again, resolved

    manager.opens("/disputes")
    manager.is_at("0 open Disputes (0 awaiting action)")
    manager.sees("There are no such disputes.")
    manager.page.get_by_label("Resolved", exact=True).check()
    manager.presses("View")
    row = manager.page.get_by_role("row").filter(has_text="Resolved")
    expect(row).to_contain_text("All received, thanks.")
    expect(row).to_contain_text("Resubmitted.")
    assert paid.council.council.books()["total_payable"] == "94.07"  # a dispute holds no money


def test_the_visits_of_a_dispute_that_nobody_answers_are_withdrawn_and_their_money_is_taken_back(
    paid: CouncilSite, visitors: Visitors
) -> None:
    officer, manager = people(paid, visitors)
    visit = {"visit_ref": "V1", "version": 1, "deleted": False, "values": {"Comments": ""}}
    late = {"case_id": uuid.uuid4(), "organisation_id": organisation_id_of(DIAMOND), "visits": [visit]}
    late |= {"client_reference": "A123456", "reason": "Incorrect Data", "words": "Two hours?"}
    with paid.council.council.sessions["disputes"].begin() as session:
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=9)
        raise_disputes(session, OFFICER, disputes=[late], now=long_ago)
    officer.opens("/visits/V1")
    officer.presses("Raise a dispute")
    officer.is_at("Raise a dispute")
    officer.page.get_by_label("Incorrect Data", exact=True).check()
    officer.fills("What do you ask of the provider?", "Was it two hours?")
    officer.presses("Raise the dispute")
    officer.sees("Visit V1 is in dispute already for the reason Incorrect Data")
    officer.opens("/care/1")
    officer.follows("raise a dispute on Mon 3 to Sun 9 Oct 2022")
    officer.is_at("Raise a dispute")
    officer.page.get_by_label("Client Disputes Visits Data", exact=True).check()
    officer.fills("What do you ask of the provider?", "The client counts fewer hours.")
    officer.presses("Raise the dispute")
    officer.sees("Actual of Mon 3 to Sun 9 Oct 2022")

    officer.opens("/disputes")
    expect(officer.page.get_by_role("row")).to_have_count(3)
    officer.page.get_by_label("Overdue alone", exact=True).check()
    officer.presses("View")
    row = officer.page.get_by_role("row").filter(has_text="Incorrect Data")
    expect(officer.page.get_by_role("row")).to_have_count(2)
    row.get_by_role("link", name=re.compile("^Edit dispute")).click()
    officer.sees("Nobody has answered in time.")
    officer.finds_no_fault()
    officer.fills("Your message", "There was no answer.")
    officer.presses("Withdraw what is in dispute")
    officer.sees("The dispute is resolved. What was in dispute is being deleted")
    assert paid.council.council.books()["total_payable"] == "23.23"
    manager.opens("/visits/V1")
    manager.sees("Reason: The visit was in dispute and its provider did not respond within 7 days")
    assert paid.council.council.differences() == []
