"""Payment runs: which changes are large, and when a snapshot is still what is payable (RULES 8)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.payments.runs.rules import DECISIONS, Limits, Standing, Total, is_large, paid, remarks_of

LIMITS = Limits(Decimal(20), Decimal(500))
A_TOTAL = Total("a", "DAPL", 2, Decimal("120.00"), Decimal("-20.00"), Decimal("90.00"), "x")


@pytest.mark.parametrize(
    ("payable", "last", "large"),
    [
        ("3000.00", "2500.00", True),
        ("2999.99", "2500.00", False),
        ("2000.00", "2500.00", True),
        ("32400.00", "27000.00", True),
        ("21600.00", "27000.00", True),
        ("120.00", "100.00", True),
        ("119.99", "100.00", False),
        ("10500.00", "10000.00", True),
        ("10499.99", "10000.00", False),
        ("0.01", "0.00", True),
        ("0.00", "0.00", False),
        ("0.00", "60.00", True),
        ("-300.00", "300.00", True),
        ("-100.00", "-100.00", False),
    ],
)
def test_a_change_is_large_from_the_percentage_on_or_from_the_pounds_on(
    payable: str, last: str, large: bool
) -> None:
    assert is_large(Decimal(payable), Decimal(last), LIMITS) is large


@pytest.mark.parametrize(
    ("payable", "last", "standing", "remarks"),
    [
        ("100.00", "100.00", Standing(), []),
        ("0.00", "60.00", Standing(), ["large_change", "fell_to_nothing"]),
        ("60.00", "0.00", Standing(first_payments=1), ["large_change", "first_payment"]),
        ("60.00", "0.00", Standing(), ["large_change"]),
        (
            "99.00",
            "100.00",
            Standing(adjustments=2, held_items=1, lacking=Decimal(3), rejected=1),
            ["below_nothing", "adjustments", "holds", "rejected"],
        ),
    ],
)
def test_what_stands_out_of_a_total_is_said(
    payable: str, last: str, standing: Standing, remarks: list[str]
) -> None:
    assert remarks_of(Decimal(payable), Decimal(last), standing, LIMITS) == remarks


def test_what_is_paid_differs_with_any_item_and_not_with_last_period() -> None:
    assert paid([A_TOTAL]) == paid([replace(A_TOTAL, last_payable=Decimal("1.00"))])
    assert paid([A_TOTAL]) != paid([replace(A_TOTAL, fingerprint="y")])
    assert paid([A_TOTAL, replace(A_TOTAL, organisation_id="b", items=0)]) == paid([A_TOTAL])
    assert A_TOTAL.payable == Decimal("100.00")


def test_only_a_prepared_run_can_be_decided_about() -> None:
    assert {state for state, _ in DECISIONS} == {"prepared"}
