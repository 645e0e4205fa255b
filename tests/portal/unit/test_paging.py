"""Lists go forward and back: the address of a page says by which pages one came to it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.paging import MOST_BACK, pages_around

FILTERS = "which=all&client=A%20100"


def asked(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)


def more_after(page: int, filters: str = FILTERS) -> str:
    return f"/disputes?{filters}&cursor=c{page}#items"


@given(st.integers(1, MOST_BACK), st.sampled_from(["", FILTERS, "client="]))
def test_one_comes_back_by_the_pages_by_which_one_came(pages: int, filters: str) -> None:
    seen = ["/disputes" + (f"?{filters}" if filters else "")]
    for page in range(pages):
        found = pages_around("/disputes", asked(seen[-1]), more_after(page, filters))
        assert found.after is not None
        seen.append(found.after.partition("#")[0])
        assert found.after.endswith("#items")
    while len(seen) > 1:
        found = pages_around("/disputes", asked(seen.pop()), None)
        assert found.after is None
        assert (found.before is not None, found.first is not None) == (True, True)
        assert asked(str(found.before)) == [(name, value) for name, value in asked(seen[-1])]
        assert asked(str(found.first)) == asked(seen[0])
    assert pages_around("/disputes", asked(seen[0]), None) == (None, None, None)


def test_what_a_page_adds_to_its_own_address_is_gone_when_one_comes_back() -> None:
    onward = pages_around("/charges", [], "/charges?period=2022-10-03&cursor=c1").after
    assert onward is not None
    assert pages_around("/charges", asked(onward), None).before == "/charges"


def test_addresses_stay_short() -> None:
    address = "/disputes"
    for page in range(3 * MOST_BACK):
        address = str(pages_around("/disputes", asked(address), more_after(page)).after)
    found = pages_around("/disputes", asked(address), None)
    assert len(address) < 2_000
    assert f"cursor=c{3 * MOST_BACK - 2}&" in str(found.before)
    assert found.first == "/disputes"


def test_each_list_of_a_page_has_its_own_way_back() -> None:
    errors = str(pages_around("/f", [], "/f?errors=e1", "errors").after)
    both = str(pages_around("/f", asked(errors), "/f?errors=e1&changes=c1", "changes").after)
    of_errors, of_changes = (pages_around("/f", asked(both), None, name) for name in ("errors", "changes"))
    assert asked(str(of_errors.before))[0] == ("changes", "c1")
    assert "errors=e1" in str(of_changes.before)
    assert "changes=c1" not in str(of_changes.before)


@given(st.lists(st.text(max_size=30), max_size=5))
def test_whatever_an_address_says_leads_nowhere_else(places: list[str]) -> None:
    for found in pages_around("/disputes", [("back", place) for place in places], None):
        assert found is None or urlsplit(found)[:3] == ("", "", "/disputes")
