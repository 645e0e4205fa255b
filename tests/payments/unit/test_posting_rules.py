"""Into which period a week is posted, and as what (RULES 8)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.money import NOTHING, to_the_penny
from services.payments.items.rules import Posting, posting_for
from services.payments.periods.rules import Periods
from tests.support.builders.care import MONDAY

GRID = date(2022, 3, 21)
JULY, AUGUST, SEPTEMBER = date(2022, 7, 11), date(2022, 8, 8), date(2022, 9, 5)


@pytest.mark.parametrize(
    ("finalised", "period"),
    [
        ({}, JULY),
        ({None: date(2022, 6, 13)}, JULY),
        ({None: JULY}, AUGUST),
        ({None: AUGUST}, SEPTEMBER),
        ({"DAPL": JULY}, AUGUST),
        ({"LWAH": AUGUST}, JULY),
        ({None: JULY, "DAPL": AUGUST}, SEPTEMBER),
        ({None: AUGUST, "DAPL": JULY}, SEPTEMBER),
        ({None: date(2022, 6, 13), "LWAH": AUGUST}, JULY),
    ],
)
def test_a_week_posts_to_its_own_period_while_open_else_to_the_earliest_open(
    finalised: dict[str | None, date], period: date
) -> None:
    assert Periods(GRID, finalised).for_week(MONDAY, "DAPL") == period


@pytest.mark.parametrize(
    ("finalised", "period"), [({"DAPL": JULY, "LWAH": JULY}, JULY), ({None: JULY, "DAPL": AUGUST}, AUGUST)]
)
def test_what_belongs_to_no_contract_waits_until_the_period_is_finalised_for_all(
    finalised: dict[str | None, date], period: date
) -> None:
    assert Periods(GRID, finalised).for_week(MONDAY, None) == period


def test_the_default_grid_holds_21_march_and_3_october_2022() -> None:
    periods = Periods(GRID, {})
    assert periods.for_week(date(2022, 10, 3), "DAPL") == date(2022, 10, 3)
    assert periods.for_week(date(2022, 10, 24), "DAPL") == date(2022, 10, 3)
    assert periods.for_week(date(2022, 9, 26), "DAPL") == date(2022, 9, 5)
    assert periods.for_week(date(2022, 3, 14), "DAPL") == date(2022, 2, 21)


@given(st.integers(-60, 60), st.none() | st.integers(-15, 15), st.none() | st.integers(-15, 15))
def test_nothing_is_ever_posted_into_a_finalised_period_and_never_later_than_needed(
    week: int, for_all: int | None, for_contract: int | None
) -> None:
    through = {None: for_all, "DAPL": for_contract}
    finalised = {
        key: GRID + timedelta(days=28 * number) for key, number in through.items() if number is not None
    }
    monday = GRID + timedelta(days=7 * week)
    own = GRID + timedelta(days=28 * (week // 4))
    period = Periods(GRID, finalised).for_week(monday, "DAPL")
    closed = max(finalised.values(), default=date.min)
    assert period > closed
    assert period == own if own > closed else period == closed + timedelta(days=28)


def post(
    target: str, posted: str = "0.00", ordinal: int = 0, *, late: bool = False, **said: str
) -> Posting | None:
    """Post the week of 1 August, with its own period (11 July) open or (late) finalised."""
    facts = {"kind": "cost", "changed": "visits"} | said
    return posting_for(
        Decimal(target), Decimal(posted), ordinal, own_period=JULY, period=AUGUST if late else JULY, **facts
    )


@pytest.mark.parametrize("amount", ["0.00", "185.81", "-30.00"])
@pytest.mark.parametrize("late", [False, True])
def test_nothing_is_posted_where_nothing_has_changed(amount: str, late: bool) -> None:
    assert post(amount, amount, 3, late=late) is None


@pytest.mark.parametrize(
    ("kind", "amount", "reason"),
    [
        ("cost", "185.81", "Care delivered"),
        ("income", "-30.00", "Client contribution collected by the provider"),
        ("charge", "56.20", "Care delivered"),
    ],
)
@pytest.mark.parametrize("changed", ["visits", "care"])
def test_in_its_own_period_an_item_keeps_its_kind(kind: str, amount: str, reason: str, changed: str) -> None:
    assert post(amount, kind=kind, changed=changed) == Posting(Decimal(amount), JULY, kind, reason, 0)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ("visits", "Retrospective change to visits data"),
        ("care", "Retrospective change to a Care Package Line Item"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "posted_as"), [("cost", "adjustment"), ("income", "income"), ("charge", "charge")]
)
def test_after_its_period_was_finalised_the_difference_says_why(
    changed: str, reason: str, kind: str, posted_as: str
) -> None:
    posting = post("150.00", "185.81", 2, late=True, kind=kind, changed=changed)
    assert posting == Posting(Decimal("-35.81"), AUGUST, posted_as, reason, 2)


def test_taking_everything_back_posts_minus_what_was_posted() -> None:
    posting = post("0.00", "185.81", 1)
    assert posting is not None
    assert (str(posting.amount), posting.kind) == ("-185.81", "cost")


@given(
    st.lists(
        st.tuples(st.decimals(-500, 500, places=2), st.integers(0, 3), st.sampled_from(("visits", "care")))
    ),
    st.sampled_from(("cost", "income", "charge")),
)
def test_after_any_changes_what_was_posted_sums_to_the_last_target_without_a_gap(
    changes: list[tuple[Decimal, int, str]], kind: str
) -> None:
    """Periods are only ever finalised, so the number of those that are grows on the way."""
    items: list[Posting] = []
    finalised_so_far = 0
    for target, finalised, changed in changes:
        finalised_so_far = max(finalised_so_far, finalised)
        last = JULY + timedelta(days=28 * (finalised_so_far - 1))
        periods = Periods(GRID, {None: last} if finalised_so_far else {})
        posting = posting_for(
            target,
            sum((item.amount for item in items), NOTHING),
            len(items),
            kind=kind,
            own_period=JULY,
            period=periods.for_week(MONDAY, "DAPL"),
            changed=changed,
        )
        items += [posting] if posting else []
        assert sum((item.amount for item in items), NOTHING) == target
    assert [item.ordinal for item in items] == list(range(len(items)))
    assert [item.period_start for item in items] == sorted(item.period_start for item in items)
    assert all(item.amount and item.amount == to_the_penny(item.amount) for item in items)
    assert all(("Retrospective" in item.reason) == (item.period_start > JULY) for item in items)
