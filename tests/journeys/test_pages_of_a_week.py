"""A provider's week of actuals is shown page by page, however many clients it has (RULES 13, 20)."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.portal.accounts import Browser

__all__ = ["shared"]

WEEK = "2022-10-03"
CLIENTS = 500
NAMED = re.compile(r'scope="rowgroup" colspan="7">(\w+)')


@pytest.fixture(scope="module")
def clerk(shared: ApiCouncil) -> Browser:
    """Of a provider with an hour a week for each of 500 clients, generated as planned."""
    by_actuals = {"PaymentMethod": "Actuals", "Quantity": "1", "UnitCost": "23.226", "Timetable": ""}
    rows = (a_care_row(n, SSRef=f"P{n:04}", **by_actuals) for n in range(1, CLIENTS + 1))
    shared.council.import_care(a_care_file(*rows))
    shared.council.books()
    clerk = shared.browser("home_manager", DIAMOND)
    answer = clerk.post("/actuals/generate", at=f"/actuals?week={WEEK}", week=WEEK)
    assert answer.status_code == 303, answer.text
    return clerk


def words_of(page: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def link_called(page: str, words: str) -> str:
    """Where a link leads."""
    (found,) = [
        href for href, text in re.findall(r'href="([^"]*)"[^>]*>(.*?)</a>', page, re.S) if words in text
    ]
    return unquote(found.replace("&amp;", "&"))


def test_pages_lead_on_and_back_and_each_has_the_total_of_the_whole_week(clerk: Browser) -> None:
    at, seen = f"/actuals?week={WEEK}", list[str]()
    for number in range(1, 11):
        page = clerk.get(at).text
        seen += NAMED.findall(page)
        words = words_of(page)
        assert f"Clients {50 * number - 49} to {50 * number} of 500" in words
        assert "Week Total of all clients 500 h 500 h 0 min £11,615.00" in words
        if number > 1:
            before = clerk.get(link_called(page, "Clients before")).text
            assert NAMED.findall(before) == seen[-100:-50]
        if number < 10:
            at = link_called(page, "Clients after")
    assert "Clients after" not in page
    assert seen == [f"P{n:04}" for n in range(1, CLIENTS + 1)]


def test_who_looks_at_a_client_comes_back_to_its_page(clerk: Browser) -> None:
    page = clerk.get(f"/actuals?week={WEEK}&page=3").text
    edit = clerk.get(link_called(page, "P0101"))
    assert edit.status_code == 200
    assert "Clients 101 to 150 of 500" in words_of(clerk.get(link_called(edit.text, "Back")).text)


@pytest.mark.parametrize("page", ["0", "-1", "11", "x", "9" * 5000])
def test_a_page_that_is_none_is_the_nearest(clerk: Browser, page: str) -> None:
    answer = clerk.get(f"/actuals?week={WEEK}&page={page}")
    assert answer.status_code == 200
    assert re.search(r"Clients (1 to 50|451 to 500) of 500", words_of(answer.text))
