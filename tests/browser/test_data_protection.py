"""Who looked at a client, and all that is held about one, with a browser (RULES 20)."""

from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import expect

from services.portal.protection.readings import pages as readings_pages
from services.portal.protection.subject_access import steps
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.journeys.api_council import DIAMOND
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, an_undelivered_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

A_DAY = {"PlannedVisitDate": "03/10/2022", "VisitType": "C", "Comments": "", "SSRef": "A100"}


@pytest.fixture
def known(emptied: CouncilSite) -> CouncilSite:
    """A client with a visit."""
    council = emptied.council.council
    council.import_care(a_care_file(a_care_row(1, SSRef="A100", Forename="Mona", Surname="Lee")))
    council.books()
    council.import_visits(DIAMOND, a_file(an_undelivered_row(VisitRef="V1", **A_DAY)))
    council.books()
    return emptied


def is_looked_at(visitor: Visitor) -> None:
    """Wide and narrow."""
    for width in (1280, 320):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.finds_no_fault()
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


def test_commissioning_takes_a_client_s_data_and_an_approver_sees_it(
    known: CouncilSite, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = visitors(known.url)
    email = known.signs_in(officer, "commissioning")
    officer.opens("/clients/A100")
    officer.follows("Export all that is held about this client")
    officer.is_at("Subject access")
    officer.sees("Mona Lee (A100)")
    is_looked_at(officer)
    officer.presses("Put together all that is held")
    officer.sees("It is being put together")
    assert steps.make_next(known.council.parts, known.council.app.extensions["gateway"])
    officer.follows("See whether it is ready")
    officer.sees("Ready")
    is_looked_at(officer)
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="Download the folder").click()
    with zipfile.ZipFile(download.value.path()) as folder:
        assert any(name.endswith("/overview.html") for name in folder.namelist())
    officer.opens("/subject-access")
    is_looked_at(officer)

    monkeypatch.setattr(readings_pages, "SHOWN", 2)
    approver = visitors(known.url)
    known.signs_in(approver, "approver")
    approver.opens("/")
    approver.follows("Who looked at a client")
    approver.is_at("Who looked at a client")
    approver.fills("Client: a name, SSRef or part of either", "lee")
    approver.presses("View")
    approver.sees("Mona Lee (A100)")
    expect(approver.page.get_by_role("row").nth(1)).to_contain_text("Approver")
    is_looked_at(approver)
    approver.follows("Earlier readings")
    expect(approver.page.get_by_role("row").filter(has_text=email).first).to_contain_text("Commissioning")
    approver.follows("First page")
    approver.fills("From (optional)", "2099-01-01")
    approver.presses("View")
    approver.sees("There are no such readings.")
