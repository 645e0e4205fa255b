"""The audit trail with a browser: what was done to whose money, where it leads, and that its amounts stay in sight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services.portal.audit import pages as audit_pages
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied, rows_of
from tests.journeys.api_council import DIAMOND
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.portal.browsing import Visitor
from tests.support.run.waiting import wait_until

__all__ = ["council_site", "emptied"]

WEEK = "/payments/holds/1/2022-10-03"
WIDTHS = (1280, 375, 320)


@pytest.fixture
def paid(emptied: CouncilSite) -> CouncilSite:
    """A provider with a visit that pays £20.00."""
    council = emptied.council.council
    council.import_care(a_care_file(a_care_row(1, SSRef="A123456")))
    wait_until(council.is_settled, 60)
    council.import_visits(DIAMOND, a_file(a_visit("V1")))
    council.books()
    return emptied


def comes_in(paid: CouncilSite, visitors: Visitors) -> tuple[Visitor, str]:
    """Somebody of finance who has suspended the week, and their address."""
    visitor = visitors(paid.url)
    email = paid.signs_in(visitor, "finance")
    visitor.opens(f"{WEEK}/hold")
    visitor.page.get_by_label("Suspend: it waits").check()
    visitor.fills("Reason", "The rate is looked into")
    visitor.fills("Owner", "finance@council.example")
    visitor.presses("Hold the week")
    visitor.sees("Suspended. The period’s totals have followed.")
    return visitor, email


def test_finance_finds_what_was_done_to_a_provider_s_money_and_goes_there(
    paid: CouncilSite, visitors: Visitors
) -> None:
    visitor, email = comes_in(paid, visitors)
    visitor.opens("/")
    visitor.follows("Audit trail")
    visitor.is_at("Audit trail")
    visitor.page.get_by_label("What was done").select_option("Periods, runs, holds and charges")
    visitor.page.get_by_label("Provider", exact=True).select_option(DIAMOND)
    visitor.presses("View")
    row = visitor.page.get_by_role("row").filter(has_text=email)
    for words in ("Held a week of care", "Finance", "£20.00", DIAMOND, "DAPL", "Done", "Suspended"):
        expect(row).to_contain_text(words)
    visitor.finds_no_fault()
    with visitor.page.expect_download() as download:
        visitor.follows("Download as CSV")
    assert re.fullmatch(
        r"audit-trail_Diamond[\w-]+_as-at-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename
    )
    content = download.value.path().read_bytes().decode("utf-8-sig")
    line = next(line for line in rows_of(content) if line["Who"] == email)
    assert (line["Provider"], line["Contract"], line["Amount"]) == (DIAMOND, "DAPL", "20.00")
    row.get_by_role("link", name="CPLI 1, Mon 3 to Sun 9 Oct 2022").click()
    visitor.is_at("Care package line item 1 Mon 3 to Sun 9 Oct 2022")


def test_amounts_stay_in_sight(paid: CouncilSite, visitors: Visitors) -> None:
    visitor, _ = comes_in(paid, visitors)
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.opens("/audit")
        visitor.has_in_sight(visitor.page.get_by_role("cell", name="£20.00"))


def test_pages_lead_to_earlier_and_later_entries(
    paid: CouncilSite, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_pages, "SHOWN", 2)
    visitor, _ = comes_in(paid, visitors)
    for _ in range(3):
        paid.council.browser("finance").post(f"{WEEK}/hold", kind="nothing")
    visitor.opens("/audit")
    newest = visitor.page.get_by_role("row").all_text_contents()
    visitor.page.get_by_role("link", name=re.compile("Earlier entries")).click()
    visitor.sees("Later entries")
    visitor.finds_no_fault()
    expect(visitor.page.get_by_role("row").nth(1)).not_to_have_text(newest[1])
    visitor.page.get_by_role("link", name=re.compile("Later entries")).click()
    expect(visitor.page.get_by_role("link", name=re.compile("Later entries"))).to_have_count(0)
    assert visitor.page.get_by_role("row").all_text_contents() == newest
