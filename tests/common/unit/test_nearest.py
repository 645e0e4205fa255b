"""What that exists is nearest to what was written (RULES 16, before go-live)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.nearest import Nearest

CLIENTS = ("A123456", "A123465", "A654321", "B1", "000777")
NAMES = ("Personal Care", "Home Support", "HTLAH - Maintenance", "Live in care")


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("A132456", ["A123456"]),
        ("A123546", ["A123456"]),
        ("a 123-456", ["A123456"]),
        ("A65432", ["A654321"]),
        ("A1234566", ["A123456"]),
        ("A12346", ["A123456", "A123465"]),
        ("A654322", ["A654321"]),
        ("777", []),
        ("00777", ["000777"]),
        ("B2", []),
        ("", []),
        ("Z999999", []),
    ],
)
def test_a_reference_is_near_by_few_slips(written: str, nearest: list[str]) -> None:
    assert Nearest(references=CLIENTS).references(written) == nearest


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("Personnal care", ["Personal Care"]),
        ("care, personal", ["Personal Care"]),
        ("HOME SUPORT", ["Home Support"]),
        ("HTLAH Maintenance", ["HTLAH - Maintenance"]),
        ("Gardening", []),
    ],
)
def test_a_name_is_near_by_its_words(written: str, nearest: list[str]) -> None:
    assert Nearest(names=NAMES).names(written) == nearest


@given(st.lists(st.text("ABC123", min_size=3, max_size=8), max_size=8), st.text("ABC123", max_size=8))
def test_what_is_known_is_nearest_to_itself(known: list[str], written: str) -> None:
    near = Nearest(references=[*known, written] if len(written) > 2 else known).references(written)
    assert set(near) <= {*known, written}
    if len(written) > 2:
        assert near == [written]


def test_nothing_is_near_where_nothing_is_known() -> None:
    assert Nearest().references("A1") == Nearest().names("Care") == []
