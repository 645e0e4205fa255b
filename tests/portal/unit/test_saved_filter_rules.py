"""What of an address is a filter, and how many are kept."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.filters.rules import (
    LONGEST_QUERY,
    MOST_OF_ONE,
    NOTHING,
    OF_THE_PAGE,
    TOO_LONG,
    TOO_MANY,
    cleaned_query,
    fault_of,
    query_of,
)


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ([], ""),
        ([("client", ""), ("cursor", "abc"), ("back", "x"), ("page", "2")], ""),
        (
            [("status", "Open"), ("client", "A 1"), ("status", "Closed")],
            "client=A+1&status=Open&status=Closed",
        ),
        ([("client", "//evil.example/?a=b#c")], "client=%2F%2Fevil.example%2F%3Fa%3Db%23c"),
    ],
)
def test_a_filter_is_what_a_page_is_limited_to(asked: list[tuple[str, str]], query: str) -> None:
    assert query_of(asked) == query


@pytest.mark.parametrize(
    "sent", ["https://evil.example/", "//evil.example", "/login", "#items", "cursor=x&unsent=y", "a=&b="]
)
def test_what_is_sent_as_a_query_is_no_address(sent: str) -> None:
    assert cleaned_query(sent) == ""


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_a_query_that_is_cleaned_again_stays_as_it_is(asked: list[tuple[str, str]]) -> None:
    query = query_of(asked)
    assert cleaned_query(query) == query
    assert not {name for name, _ in parse_qsl(query)} & OF_THE_PAGE


@pytest.mark.parametrize(
    ("query", "has", "fault"),
    [
        ("", 0, NOTHING),
        ("a=b", 0, None),
        ("a=b", MOST_OF_ONE - 1, None),
        ("a=b", MOST_OF_ONE, TOO_MANY),
        ("a=" + "b" * (LONGEST_QUERY - 2), 0, None),
        ("a=" + "b" * (LONGEST_QUERY - 1), 0, TOO_LONG),
    ],
)
def test_filters_are_bounded(query: str, has: int, fault: str | None) -> None:
    assert fault_of(query, has) == fault
