"""The close look that journeys take at pages finds what is wrong with one."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visitors

PAGE = '<html lang="en"><title>{0}</title><main><h1>{0}</h1>{1}</main></html>'


@pytest.mark.parametrize(
    ("title", "fault", "said"),
    [
        ("A picture", '<img src="data:,">', "image-alt"),
        ("Grey on grey", '<p style="color: #aaa; background: #999">Words</p>', "color-contrast"),
        ("Too wide", '<p style="width: 900px">Words</p>', "900px"),
    ],
)
def test_a_fault_is_found_and_named(visitors: Visitors, title: str, fault: str, said: str) -> None:
    visitor = visitors("about:blank")
    visitor.page.set_content(PAGE.format(title, fault))
    with pytest.raises(AssertionError, match=said):
        visitor.finds_no_fault()


def test_a_page_without_a_fault_is_none(visitors: Visitors) -> None:
    visitor = visitors("about:blank")
    visitor.page.set_content(PAGE.format("Nothing wrong", "<p>Words</p>"))
    visitor.finds_no_fault()
