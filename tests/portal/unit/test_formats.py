"""How pages write pounds, rates, hours and quantities (RULES, introduction)."""

from decimal import Decimal

import pytest

from services.portal.web.formats import change, in_hours, pounds, quantity, rate


@pytest.mark.parametrize(
    ("exact", "written"),
    [
        ("11.885", "£11.89"),
        ("-11.885", "−£11.89"),
        ("-0.004", "£0.00"),
        ("58.6326666666666666666666667", "£58.63"),
        ("1234.5", "£1,234.50"),
        (Decimal(7), "£7.00"),
    ],
)
def test_pounds_have_two_decimals_half_up(exact: str | Decimal, written: str) -> None:
    assert pounds(exact) == written


def test_a_change_is_of_what_is_written() -> None:
    assert change(("1.00", "2.50")) == "+£1.50"
    assert change(("2.50", "1.00")) == "−£1.50"


def test_a_rate_has_as_many_decimals_as_its_contract_gives() -> None:
    assert [rate(one) for one in ("23.226", "20", "1.0050", "1234.5")] == [
        "£23.226",
        "£20.00",
        "£1.005",
        "£1,234.50",
    ]


def test_hours_have_two_decimals_half_up() -> None:
    assert [in_hours(one) for one in ("58.6326666666", "-0.955", "0.005", "-0.001", "1203.05")] == [
        "58.63",
        "−0.96",
        "0.01",
        "0.00",
        "1,203.05",
    ]


def test_a_quantity_has_two_decimals_at_most() -> None:
    assert [quantity(one) for one in ("7.00", "3.5", "10.333", "100", "0")] == [
        "7",
        "3.5",
        "10.33",
        "100",
        "0",
    ]
