"""The money at stake where one carer's visits overlap (RULES 16)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.overlaps.rules import Stake, at_stake

RATE, OTHER = Decimal("23.226"), Decimal("20.00")


@pytest.mark.parametrize(
    ("seconds", "first", "second", "stake"),
    [
        (3600, RATE, OTHER, Stake(Decimal("23.23"), RATE, True)),
        (1800, RATE, None, Stake(Decimal("11.61"), RATE, True)),
        (600, None, OTHER, Stake(Decimal("3.33"), OTHER, False)),
        (90, None, OTHER, Stake(Decimal("0.50"), OTHER, False)),
        (3600, Decimal("11.885"), None, Stake(Decimal("11.89"), Decimal("11.885"), True)),
        (3600, Decimal(0), OTHER, Stake(Decimal("0.00"), Decimal(0), True)),
        (3600, None, None, None),
    ],
)
def test_the_first_visits_rate_is_at_stake_else_the_seconds(
    seconds: int, first: Decimal | None, second: Decimal | None, stake: Stake | None
) -> None:
    assert at_stake(seconds, first, second) == stake


@given(st.integers(0, 172_800), st.integers(0, 100_000), st.integers(0, 100_000))
def test_it_is_exact_until_rounded_once(seconds: int, mills: int, others: int) -> None:
    stake = at_stake(seconds, Decimal(mills) / 1000, Decimal(others) / 1000)
    assert stake is not None
    # pence × 36,000 are seconds × mills: half up, in whole numbers
    assert stake.amount * 100 == (seconds * mills * 2 + 36_000) // 72_000
