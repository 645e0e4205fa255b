"""A concern from a visit to a breach notice, its answer and its end, on both sides, with a browser (RULES 16)."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import expect
from sqlalchemy import text

from libs.common.care.clock import london_today
from services.portal.letters import store as letters_store
from services.portal.web.formats import day
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.browser.test_visits_and_payments import DIAMOND, paid
from tests.support.portal.browsing import Visitor
from tests.support.portal.pdf_text import pdf_text

__all__ = ["council_site", "emptied", "paid"]

CONCERN = re.compile(r"Concern \d+ Late")
NOTICE = re.compile(r"Breach notice \d+")


def people(paid: CouncilSite, visitors: Visitors) -> tuple[Visitor, Visitor, Visitor]:
    """Commissioning, finance, and a provider's manager who wants letters about breach notices."""
    officer, clerk, manager = visitors(paid.url), visitors(paid.url), visitors(paid.url)
    paid.signs_in(officer, "commissioning")
    paid.signs_in(clerk, "finance")
    email = paid.signs_in(manager, "home_manager", DIAMOND)
    with paid.council.parts.sessions.begin() as transaction:
        query = text("SELECT account_id FROM accounts WHERE email = :email")
        account_id = transaction.execute(query, {"email": email}).scalar_one()
        letters_store.save_kinds(transaction, account_id, ["breach_notices"])
    return officer, clerk, manager


def count_letters(paid: CouncilSite) -> int:
    with paid.council.parts.sessions.begin() as transaction:
        return int(transaction.execute(text("SELECT count(*) FROM letters")).scalar_one())


def test_a_concern_becomes_a_breach_notice_that_is_answered_and_accepted(
    paid: CouncilSite, visitors: Visitors
) -> None:
    officer, clerk, manager = people(paid, visitors)
    written, due_on = count_letters(paid), london_today() + dt.timedelta(days=14)

    clerk.opens("/visits?week=2022-10-03")
    clerk.follows("V1")
    clerk.follows("Raise a concern")
    clerk.is_at("Raise a concern")
    expect(clerk.page.get_by_label("Provider", exact=True)).to_have_value(DIAMOND)
    expect(clerk.page.get_by_label("VisitRefs, one to a line (optional)")).to_have_value("V1")
    clerk.presses("Raise the concern")
    clerk.is_told("Choose the kind of concern", "Kind of concern")
    clerk.is_told("Enter what the concern is", "What is the concern?")
    clerk.page.get_by_label("Kind of concern").select_option("Late")
    clerk.page.get_by_label("Who raises it?").select_option("Family")
    clerk.fills("What is the concern?", "She waits for an hour, says her daughter.")
    clerk.presses("Raise the concern")
    expect(
        clerk.page.get_by_text(re.compile(r"The concern is received as number \d+\. Comm"))
    ).to_be_visible()
    clerk.opens("/concerns")
    clerk.is_at("You can’t see this page")

    officer.opens("/")
    officer.sees("1 concern to look at")
    officer.opens("/concerns")
    officer.is_at("Concerns")
    officer.page.get_by_role("link", name=re.compile(r"^\d+: Late$")).click()
    officer.is_at(CONCERN)
    officer.presses("Start investigating")
    officer.sees("The concern is being investigated.")
    officer.presses("Find it unfounded")
    officer.is_told("Enter why, or what was found", "Your note")
    officer.finds_no_fault()
    officer.page.get_by_role("button", name="Send a breach notice").click()
    officer.is_at("Send a breach notice")
    officer.presses("Send the breach notice")
    officer.is_told("Enter the last day to answer", "Last day to answer")
    officer.fills("What is in breach, and what must be put right?", "Visits must be on time.")
    officer.fills("Last day to answer", due_on.isoformat())
    officer.presses("Send the breach notice")
    officer.sees("The breach notice is sent. The provider finds it under Breach notices.")
    assert count_letters(paid) == written + 1

    manager.opens("/")
    manager.sees("1 breach notice to answer")
    manager.opens("/breach-notices")
    manager.is_at("Breach notices")
    manager.page.get_by_role("link", name=NOTICE).click()
    manager.is_at(NOTICE)
    manager.sees("Visits must be on time.")
    manager.sees(f"the end of {day(due_on)}")
    expect(manager.page.get_by_text("says her daughter")).to_have_count(0)
    with manager.page.expect_download() as waited:
        manager.follows("Download as PDF")
    assert "Visits must be on time." in pdf_text(waited.value.path().read_bytes())
    manager.fills("Your answer", "A new rota since Monday; it is attached.")
    rota = {"name": "rota.txt", "mimeType": "text/plain", "buffer": b"Mon 09:00\n"}
    manager.page.locator("input[type=file]").set_input_files(rota)  # type: ignore[arg-type]
    manager.presses("Send the answer")
    manager.sees("Your answer is sent to the council.")
    manager.finds_no_fault()

    officer.presses("Investigate further")  # on the page of before the answer
    officer.is_told("Enter why, or what was found", "Your note")
    officer.fills("Your note", "Nothing came.")
    officer.presses("Investigate further")
    officer.is_told(
        "Somebody has gone on with this concern meanwhile: look at where it stands, then do it again."
    )
    officer.sees("A new rota since Monday; it is attached.")
    with officer.page.expect_download() as waited:
        officer.follows("rota.txt")
    assert waited.value.path().read_bytes() == b"Mon 09:00\n"
    officer.fills("Your note", "The rota is right.")
    officer.fills("What the provider is told (optional)", "Thank you.")
    officer.presses("Accept the answer")
    officer.sees("The answer is accepted, and the concern remedied.")
    assert count_letters(paid) == written + 2
    officer.page.get_by_label("It ended in").select_option("A personal budget")
    officer.presses("Close the concern")
    officer.sees("The concern is closed: nothing can be added.")
    officer.finds_no_fault()

    manager.opens("/breach-notices")
    manager.page.get_by_role("link", name=NOTICE).click()
    manager.sees("The council has accepted the answer.")
    manager.sees("Thank you.")
    expect(manager.page.get_by_text("The rota is right.")).to_have_count(0)


def test_kinds_groups_and_trends(paid: CouncilSite, visitors: Visitors) -> None:
    officer, _, _ = people(paid, visitors)
    officer.opens("/concerns/lists")
    officer.is_at("Kinds of concerns and groups of providers")
    officer.presses("Add the kind")
    officer.is_told("Enter a name", "Name of the kind")
    officer.fills("Name of the kind", "No gloves")
    officer.presses("Add the kind")
    officer.sees("No gloves is offered.")
    officer.presses("Retire Conduct")
    officer.sees("Conduct is offered no more. Concerns of this kind keep it.")
    officer.follows("Add a group of providers")
    officer.is_at("Add a group of providers")
    officer.presses("Save the group")
    officer.is_told("Choose the providers of the group")
    officer.fills("Name of the group", "North")
    officer.page.get_by_label(DIAMOND, exact=True).check()
    officer.presses("Save the group")
    officer.sees("The group North is saved.")
    officer.finds_no_fault()

    officer.opens("/raise-concern")
    officer.page.get_by_label("Provider", exact=True).select_option(DIAMOND)
    expect(officer.page.get_by_label("Kind of concern").get_by_text("Conduct")).to_have_count(0)
    officer.page.get_by_label("Kind of concern").select_option("No gloves")
    officer.page.get_by_label("Who raises it?").select_option("Social worker")
    officer.fills("What is the concern?", "Seen twice.")
    officer.fills("VisitRefs, one to a line (optional)", "V999")
    officer.presses("Raise the concern")
    officer.is_told("The provider has no visit with the VisitRef V999")
    officer.fills("VisitRefs, one to a line (optional)", "V1\nV2")
    officer.presses("Raise the concern")
    officer.is_at(re.compile(r"Concern \d+ No gloves"))

    officer.opens("/concerns/trends")
    officer.is_at("Trends of concerns")
    of_group = officer.page.get_by_role("row").filter(has_text="North")
    expect(of_group).to_contain_text(re.compile(r"North\s+1\s+0"))
    of_group.get_by_role("link", name="North").first.click()
    officer.is_at("Concerns")
    officer.page.get_by_role("link", name=re.compile(r"^\d+: No gloves$")).click()
    officer.is_at(re.compile(r"Concern \d+ No gloves"))
