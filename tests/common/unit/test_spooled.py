"""What is made of a file's rows lies in a temporary file, and is there again as it was (decision 41)."""

from copy import copy
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.files import spooled
from libs.common.files.spooled import Aside, RawRow, RowsTaken, Spool, kept_by_key, rows_between

SIZES = (1, 2, 3, 10)


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(spooled, "SPOOLED_AT_ONCE", request.param)
    return int(request.param)


@pytest.mark.usefixtures("size")
def test_a_spool_gives_its_items_in_order_as_often_as_is_wanted() -> None:
    items = [(number, date(2022, 8, 1 + number), Decimal("1.10"), None) for number in range(7)]
    spool = Spool(items)
    assert len(spool) == 7
    assert list(spool) == list(spool) == items
    spool.append(items[0])
    assert list(spool) == [*items, items[0]]
    assert items[3] in spool
    assert "another" not in spool


@pytest.mark.usefixtures("size")
def test_an_empty_spool_is_empty() -> None:
    spool: Spool[str] = Spool()
    assert not spool
    assert list(spool) == []


@given(
    st.lists(
        st.tuples(st.sampled_from(["put", "take", "away", "look", "copy"]), st.integers(0, 3), st.text())
    )
)
def test_what_lies_aside_is_what_a_dictionary_holds(steps: list[tuple[str, int, str]]) -> None:
    aside: Aside[int, list[str]] = Aside()
    plain: dict[int, list[str]] = {}
    copies = []
    for what, key, text in steps:
        if what == "put":
            aside[key] = plain[key] = [text, "é"]
        elif what == "take":
            assert aside.get(key) == plain.get(key)
        elif what == "away":
            assert aside.pop(key, None) == plain.pop(key, None)
        elif what == "look":
            assert (key in aside) is (key in plain)
        else:
            copies.append((copy(aside), dict(plain)))
    for one, other in [*copies, (aside, plain)]:
        assert dict(one) == other
        assert len(one) == len(other)


def test_many_values_lie_aside_and_few_do_not(size: int) -> None:
    assert isinstance(kept_by_key(size), dict)
    assert isinstance(kept_by_key(size + 1), Aside)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("first", "stop"), [(0, 7), (0, 0), (2, 5), (6, 7), (3, 3), (5, 7)])
def test_rows_between_two_places_are_those_of_a_list(size: int, first: int, stop: int) -> None:
    wanted: list[RawRow] = [(number, (f"é{number}", "")) for number in range(7)]
    taken = RowsTaken(size)
    for row in wanted:
        taken.append(row)
    rows = taken.rows()
    assert list(rows_between(rows, first, stop)) == list(rows[first:stop]) == wanted[first:stop]
