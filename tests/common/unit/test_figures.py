"""Numbers that come in: finite, and so short that they can be rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from libs.common.care.figures import MOST_DIGITS, MOST_PLACES, Figure


class Sent(Schema):
    number = Figure(places=2)
    exact = Figure()


@pytest.mark.parametrize(
    "number", ["0", "-0.00", "116.13", "1e3", "9" * (MOST_DIGITS - MOST_PLACES), "0." + "0" * 11 + "1"]
)
def test_figures_are_taken(number: str) -> None:
    assert Sent().load({"exact": number})["exact"] == Decimal(number)


@pytest.mark.parametrize(
    "number",
    [
        "9" * 80,
        "1e30",
        "-1e999999",
        "1e-999999",
        "0e-999999",
        "0." + "0" * 12 + "1",
        "nan",
        "-Infinity",
        "ten",
        "",
    ],
)
@pytest.mark.parametrize("name", ["number", "exact"])
def test_what_no_arithmetic_could_keep_is_refused(name: str, number: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Sent().load({name: number})
    assert list(refused.value.normalized_messages()) == [name]


@given(st.text("0123456789.-+eE", max_size=100))
def test_whatever_is_sent_is_refused_or_can_be_rounded(number: str) -> None:
    try:
        found = Sent().load({"number": number, "exact": number})
    except ValidationError:
        return
    assert found["number"] == round(found["exact"], 2)
    assert abs(found["exact"].quantize(Decimal("1e-12"))) < 10 ** (MOST_DIGITS - MOST_PLACES)
