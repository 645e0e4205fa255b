"""Contract documents with a browser: a provider agrees to one and rejects another, the council sees it (RULES 11, [003])."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.journeys.api_council import COUNCIL
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.portal.accounts import PASSWORD
from tests.support.portal.browsing import Visitor
from tests.support.portal.pdf_text import pdf_text

__all__ = ["council_site", "emptied"]

RUBY, PEARL = "Ruby Home Support Ltd", "Pearl Carers Ltd"
FARRINGDON = "Ruby Home Support - Zone 7 - Farringdon"
TITLE = "Home Support - Service Provision"
NAMES = {"Bart": "A283177", "Marge": "A349596", "Homer": "A332536"}
START_WRONG = "The start date is incorrect, it should be 03/10/2022"


def a_simpson(cpli_id: int, forename: str, **cells: str) -> dict[str, str]:
    row = {
        "SSRef": NAMES[forename],
        "Title": "Mrs" if forename == "Marge" else "Mr",
        "Forename": forename,
        "Surname": "Simpson",
        "DateOfBirth": "05/04/2005",
        "OrganisationName": RUBY,
        "OrganisationAddress": "Blue Lane, Farringdon, Oxfordshire, SN7 6TT",
        "ServiceName": FARRINGDON,
        "ServiceLevel": "Home Support",
        "StartDate": "03/10/2022",
        "Quantity": "5",
        "UnitCost": "23.77",
    }
    return a_care_row(cpli_id, **(row | cells))


BART, HOMER, MARGE = (
    a_simpson(1, "Bart"),
    a_simpson(2, "Homer"),
    a_simpson(3, "Marge", StartDate="10/10/2022"),
)


@pytest.fixture
def published(emptied: CouncilSite) -> CouncilSite:
    """Three documents of one provider."""
    emptied.council.council.import_care(a_care_file(BART, HOMER, MARGE))
    return emptied


def row_of(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("row").filter(has_text=f"Simpson, {name}")


def chooses(visitor: Visitor, status: str) -> None:
    visitor.opens("/contract-documents")
    visitor.page.get_by_label("Status", exact=True).select_option(status)
    visitor.presses("View")


def test_a_provider_agrees_to_a_document_and_rejects_another(
    published: CouncilSite, visitors: Visitors
) -> None:
    manager = visitors(published.url)
    email = published.signs_in(manager, "home_manager", RUBY)
    manager.sees("3 contract documents to answer")
    manager.follows("Contract documents")
    manager.is_at("Contract documents")
    expect(row_of(manager, "Bart")).to_contain_text(
        re.compile(
            r"Care set up.*A283177.*Farringdon.*3 Oct 2022 to\s*no end date.*Published by the council", re.S
        )
    )
    with manager.page.expect_download() as download:
        manager.follows(f"{TITLE} of Simpson, Bart (PDF)")
    document = " ".join(pdf_text(download.value.path().read_bytes()).split())
    for words in (
        "Mr Bart Simpson",
        "A283177",
        "5 Hrs every week",
        "£23.77/Hr from 03/10/2022 onwards",
        "£118.85",
    ):
        assert words in document

    manager.follows(f"Agree {TITLE}, Simpson, Bart")
    manager.is_at(f"Agree Document - {TITLE}")
    manager.sees("This is contractually binding.")
    manager.presses("Agree")
    manager.is_told("Enter your password", "Password")
    manager.fills("Password", "Wrong7Kettle")
    manager.presses("Agree")
    manager.is_told("Password is not right", "Password")
    manager.opens("/")
    manager.sees("3 contract documents to answer")  # nothing was agreed by a wrong password
    manager.opens("/contract-documents")
    manager.follows(f"Agree {TITLE}, Simpson, Bart")
    manager.fills("Password", PASSWORD)
    manager.presses("Agree")
    manager.sees("You have agreed to the document.")
    expect(row_of(manager, "Bart")).to_have_count(0)

    manager.follows(f"reject {TITLE}, Simpson, Marge")
    manager.is_at(f"Reject Document - {TITLE}")
    manager.fills("Password", PASSWORD)
    manager.presses("Reject")
    manager.is_told("Enter why you reject it", "Rejection reason")
    manager.fills("Rejection reason", START_WRONG)
    manager.fills("Password", PASSWORD)
    manager.presses("Reject")
    manager.sees("You have rejected the document.")
    chooses(manager, "All")
    expect(row_of(manager, "Bart")).to_contain_text(re.compile(rf"Agreed by {email} on \d\d/\d\d/20\d\d"))
    expect(row_of(manager, "Marge")).to_contain_text(f". Reason: {START_WRONG}")
    manager.finds_no_fault()
    manager.follows(f"View {TITLE}, Simpson, Bart")
    manager.is_at(f"Mr Bart Simpson {TITLE}")
    manager.page.goto(manager.page.url + "/reject")  # it was answered
    manager.is_at(f"Mr Bart Simpson {TITLE}")


def test_the_council_sees_the_reason_corrects_care_and_agrees_manually(
    published: CouncilSite, visitors: Visitors
) -> None:
    answer_document(published, NAMES["Marge"], "reject", START_WRONG)
    officer = visitors(published.url)
    email = published.signs_in(officer, "commissioning")
    officer.sees("1 rejected contract document")
    officer.follows("Contract documents")
    officer.is_at("Contract documents")
    officer.follows("Show the rejected ones")
    expect(row_of(officer, "Marge")).to_contain_text(START_WRONG)
    officer.follows(f"View {TITLE}, Simpson, Marge")
    officer.is_at(f"Mrs Marge Simpson {TITLE}")
    expect(officer.page.get_by_role("button", name="Publish again")).to_be_visible()
    published.council.council.import_care(a_care_file(BART, MARGE | {"StartDate": "03/10/2022"}))
    officer.opens("/contract-documents")
    officer.page.get_by_label("Provider", exact=True).select_option(RUBY)
    officer.fills("Updated since", "31/02/2022")
    officer.presses("View")
    officer.is_told("Enter a date, such as 3/10/2022", "Updated since")
    officer.fills("Updated since", "3/10/2022")
    officer.presses("View")
    expect(row_of(officer, "Marge")).to_contain_text("Corrected after a rejection")
    officer.follows(f"View {TITLE}, Simpson, Homer")
    officer.presses("Agree manually")
    officer.sees(f"Agreed Manually by {email} on")
    officer.finds_no_fault()
    officer.opens("/")
    expect(officer.page.get_by_text("rejected contract document")).to_have_count(0)


def answer_document(site: CouncilSite, ssref: str, move: str, reason: str = "") -> None:
    """Somebody of the provider answers the document of a client."""
    gateway: Any = site.council.app.extensions["gateway"]
    (found,) = site.council.api(RUBY).get("/contract-documents", client=ssref).json["items"]
    caller = {"who": "jo", "role": "provider", "organisation": organisation_of(site)}
    facts = {"document_id": found["document_id"], "move": move, "reason": reason}
    gateway.ask("matching", "answer_contract_document", caller, **facts)


def organisation_of(site: CouncilSite) -> str:
    return str(site.council.account("home_manager", RUBY).organisation_id)


def test_other_systems_read_documents_page_by_page_and_none_of_another_provider(
    published: CouncilSite,
) -> None:
    ruby, pearl = published.council.api(RUBY), published.council.api(PEARL)
    answer_document(published, NAMES["Homer"], "agree")
    page: Any = ruby.get("/contract-documents", limit=2).json
    rest: Any = ruby.get("/contract-documents", limit=2, cursor=page["next_cursor"]).json
    shown = [one["client"]["ssref"] for one in (*page["items"], *rest["items"])]
    assert shown == [NAMES[name] for name in ("Bart", "Homer", "Marge")]
    (agreed,) = ruby.get("/contract-documents", status="agreed").json["items"]
    assert [note["move"] for note in agreed["notes"]] == ["publish", "agree"]
    path = f"/contract-documents/{agreed['document_id']}"
    assert ruby.get(path).json == agreed
    assert (agreed["title"], agreed["amounts"][0]["cost"]) == (TITLE, "118.85")
    pdf = ruby.get(f"{path}.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert "Mr Homer Simpson" in pdf_text(pdf.data)
    assert published.council.api(COUNCIL).get(f"{path}.pdf").data == pdf.data
    for asked in (path, f"{path}.pdf"):
        assert pearl.get(asked).status_code == 404
    assert pearl.get("/contract-documents").json["items"] == []
    assert ruby.ask("POST", f"{path}/agree").status_code == 404
    other = published.council.browser("home_manager", PEARL)
    for asked in (path, f"{path}.pdf", f"{path}/agree", f"{path}/reject"):
        assert other.get(asked).status_code == 404
