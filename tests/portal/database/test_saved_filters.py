"""Filters that a holder saves: theirs alone, bounded, and never an address."""

from __future__ import annotations

import re
import uuid

import pytest

from libs.common.errors import Refused
from services.portal.accounts import steps as accounts_steps
from services.portal.filters import rules, steps
from services.portal.schema.tables_accounts import Account
from tests.support.portal.accounts import Portal

PAGE = "saved_filters.listed"
"""A page that every holder may see, and that no service is asked for."""


@pytest.fixture
def jo(portal: Portal) -> Account:
    return accounts_steps.find(portal.parts, portal.a_holder())


def save(portal: Portal, whose: uuid.UUID, name: str, page: str = PAGE) -> None:
    steps.save(portal.parts, whose, page=page, name=name, query="status=Open")


def names(portal: Portal) -> list[str]:
    return [name for (name,) in portal.rows("SELECT name FROM portal.saved_filters ORDER BY name")]


def the_id(portal: Portal) -> uuid.UUID:
    found: uuid.UUID = portal.scalar("SELECT filter_id FROM portal.saved_filters")
    return found


def test_a_holder_keeps_so_many_and_each_name_once_a_page(portal: Portal, jo: Account) -> None:
    save(portal, jo.account_id, "mine")
    with pytest.raises(Refused, match="another name"):
        save(portal, jo.account_id, "mine")
    save(portal, jo.account_id, "mine", page="disputes.disputes")
    for number in range(rules.MOST_OF_ONE - 2):
        save(portal, jo.account_id, f"n{number}")
    with pytest.raises(Refused, match="remove one first"):
        save(portal, jo.account_id, "one more")
    save(portal, uuid.uuid4(), "mine")  # another's


def test_nobody_reaches_anothers(portal: Portal, jo: Account) -> None:
    save(portal, jo.account_id, "mine")
    stranger = uuid.uuid4()
    with pytest.raises(Refused, match="no such filter"):
        steps.rename(portal.parts, stranger, the_id(portal), "theirs")
    steps.remove(portal.parts, stranger, the_id(portal))
    assert names(portal) == ["mine"]


def test_a_filter_is_renamed_to_what_no_other_is_called(portal: Portal, jo: Account) -> None:
    save(portal, jo.account_id, "mine")
    steps.rename(portal.parts, jo.account_id, the_id(portal), "mine")
    steps.rename(portal.parts, jo.account_id, the_id(portal), "hers")
    save(portal, jo.account_id, "mine")
    first = portal.scalar("SELECT filter_id FROM portal.saved_filters WHERE name = 'hers'")
    with pytest.raises(Refused, match="another name"):
        steps.rename(portal.parts, jo.account_id, first, "mine")


def test_it_is_saved_renamed_and_removed_on_pages(portal: Portal, jo: Account) -> None:
    browser = portal.browser_of(jo)
    at = "/saved-filters"
    sent = {"page": PAGE, "query": "https://evil.example/?x=1&a=b&cursor=c"}
    assert browser.post(at, at=at, name="", **sent).status_code == 400
    assert browser.post(at, at=at, name="n" * 61, **sent).status_code == 400
    assert browser.post(at, at=at, name="none", page="no.page", query="a=b").status_code == 400
    assert browser.post(at, at=at, name="one", page="saved_filters.rename", query="a=b").status_code == 400
    assert browser.post(at, at=at, name="<Mine>", **sent).location.startswith(f"{at}?a=b&")
    assert "//evil.example" not in browser.get(at).get_data(as_text=True)
    page = browser.get(at).get_data(as_text=True)
    assert "&lt;Mine&gt;</a>" in page
    place = f"{at}/{the_id(portal)}"
    assert browser.post(f"{place}/name", at=f"{place}/name", name="Hers").location == at
    assert names(portal) == ["Hers"]
    assert browser.post(f"{place}/remove", at=at).location == at
    assert names(portal) == []
    assert re.search("None is saved yet", browser.get(at).get_data(as_text=True))
    assert browser.get(f"{place}/name").status_code == 404
