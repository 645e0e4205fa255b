"""Payment runs: which changes are large, and when a snapshot is still what is payable (RULES 8)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.payments.rules_runs import DECISIONS, Limits, Total, is_large, paid

LIMITS = Limits(Decimal(20), Decimal(500))
A_TOTAL = Total("a", "DAPL", 2, Decimal("120.00"), Decimal("-20.00"), Decimal("90.00"), "x")


@pytest.mark.parametrize(
    ("payable", "last", "large"),
    [
        ("3000.01", "2499.99", True),
        ("2999.99", "2499.99", False),
        ("3000.00", "2500.00", False),
        ("1999.99", "2500.00", True),
        ("600.00", "100.00", False),
        ("600.01", "100.00", True),
        ("500.01", "0.00", True),
        ("0.00", "500.01", True),
        ("10500.00", "9900.00", False),
        ("-300.00", "300.00", True),
    ],
)
def test_a_change_is_large_above_both_the_percentage_and_the_pounds(
    payable: str, last: str, large: bool
) -> None:
    assert is_large(Decimal(payable), Decimal(last), LIMITS) is large


def test_what_is_paid_differs_with_any_item_and_not_with_last_period() -> None:
    assert paid([A_TOTAL]) == paid([replace(A_TOTAL, last_payable=Decimal("1.00"))])
    assert paid([A_TOTAL]) != paid([replace(A_TOTAL, fingerprint="y")])
    assert paid([A_TOTAL, replace(A_TOTAL, organisation_id="b", items=0)]) == paid([A_TOTAL])
    assert A_TOTAL.payable == Decimal("100.00")


def test_only_a_prepared_run_can_be_decided_about() -> None:
    assert {state for state, _ in DECISIONS} == {"prepared"}
