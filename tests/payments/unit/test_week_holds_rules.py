"""What a hold takes of a CPLI's week, what becomes of what is posted later, what is charged (RULES 7, 8)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.money import NOTHING
from libs.common.care.weeks import next_period
from services.payments.holds.week_rules import (
    CANCEL,
    CARRY_FORWARD,
    CHARGE_BY_DEFAULT,
    CHARGE_NOTHING,
    HELD,
    HOLDS,
    KEEP,
    MORE,
    RELEASE,
    SUSPEND,
    WeekHold,
    cost_charged,
    left_out_of_charge,
    moves_of,
    parts_of,
    unpaid_of,
)
from services.payments.items.rules import PAYABLE, Portion, portions_of

FIRST = date(2022, 10, 3)
SECOND = next_period(FIRST)
THIRD = next_period(SECOND)
HOLDER = ("an organisation", "a client")


def a_hold(kind: str, charge: str = KEEP, *, opens: date = FIRST, released: str = "0") -> WeekHold:
    pays_from = next_period(opens) if kind == CARRY_FORWARD else None
    return WeekHold(kind, charge, HOLDER, pays_from, Decimal(released))


@pytest.mark.parametrize(
    ("series", "amount", "held", "parts"),
    [
        ("cost", "10.00", "40.00", [("10.00", "cancelled")]),
        ("cost", "-10.00", "40.00", [("-10.00", "cancelled")]),
        ("cost", "-50.00", "40.00", [("-40.00", "cancelled"), ("-10.00", "payable")]),
        ("cost", "-10.00", "0.00", [("-10.00", "payable")]),
        ("income", "-10.00", "0.00", [("-10.00", "cancelled")]),
        ("income", "15.00", "-10.00", [("10.00", "cancelled"), ("5.00", "payable")]),
    ],
)
def test_more_money_is_held_and_less_uses_up_what_is_held_first(
    series: str, amount: str, held: str, parts: list[tuple[str, str]]
) -> None:
    found = parts_of(series, Decimal(amount), Decimal(held), a_hold(CANCEL))
    assert [(str(part.amount), part.status) for part in found] == parts


def test_what_is_posted_for_a_carried_week_is_payable_in_the_period_that_it_is_carried_to() -> None:
    (part,) = parts_of("cost", Decimal(10), NOTHING, a_hold(CARRY_FORWARD))
    assert (part.status, part.pays_in) == ("carried_forward", SECOND)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [(CANCEL, True, True), (SUSPEND, True, True), (CARRY_FORWARD, True, False), (RELEASE, False, False)],
)
def test_a_carried_week_is_held_until_its_period_and_a_released_one_not_at_all(
    kind: str, first: bool, second: bool
) -> None:
    hold = a_hold(kind)
    assert (hold.holds_in(FIRST), hold.holds_in(SECOND)) == (first, second)


def test_cancelling_charges_nothing_by_default_and_all_else_keeps_the_charge() -> None:
    assert [kind for kind, charge in CHARGE_BY_DEFAULT.items() if charge == CHARGE_NOTHING] == [CANCEL]


@pytest.mark.parametrize(
    ("kind", "charge", "left_out"),
    [
        (CANCEL, CHARGE_NOTHING, "30.00"),
        (CANCEL, KEEP, "0.00"),
        (SUSPEND, CHARGE_NOTHING, "30.00"),
        (RELEASE, KEEP, "0.00"),
        (RELEASE, CHARGE_NOTHING, "12.00"),
    ],
)
def test_charge_nothing_leaves_out_what_is_held_or_was_when_it_was_released(
    kind: str, charge: str, left_out: str
) -> None:
    assert left_out_of_charge(a_hold(kind, charge, released="12.00"), Decimal(30)) == Decimal(left_out)


@pytest.mark.parametrize(
    ("charged", "payable", "left_out", "cost"),
    [
        ("40.00", "40.00", "0.00", "40.00"),
        ("40.00", "40.00", "30.00", "10.00"),
        ("50.00", "40.00", "40.00", "0.00"),
        ("20.00", "40.00", "30.00", "0.00"),
    ],
)
def test_what_is_left_out_is_never_more_than_the_cost_charged(
    charged: str, payable: str, left_out: str, cost: str
) -> None:
    assert cost_charged(Decimal(charged), Decimal(payable), Decimal(left_out)) == Decimal(cost)


def test_a_week_that_owes_money_back_is_not_taken_by_a_hold() -> None:
    lines = [Portion(FIRST, PAYABLE, Decimal(40)), Portion(SECOND, PAYABLE, Decimal(-10))]
    unpaid = unpaid_of("an item", "cost", lines, SECOND)
    assert [one.portion.amount for one in unpaid] == [-10]
    assert moves_of(a_hold(CANCEL), None, unpaid) == []


def after_release(kind: str, *lines: Portion) -> list[tuple[date, str, str]]:
    """What is left of an item that is held and then released while its first period is open."""
    stands = list(lines)
    hold = a_hold(kind)
    for decision, before in ((hold, None), (a_hold(RELEASE), hold)):
        for _, made in moves_of(decision, before, unpaid_of("an item", "cost", portions_of(stands), FIRST)):
            stands += made
    return [(one.period_start, one.status, str(one.amount)) for one in portions_of(stands)]


@pytest.mark.parametrize("kind", HOLDS)
def test_a_hold_that_is_released_while_the_period_is_open_leaves_no_trace_in_its_sums(kind: str) -> None:
    whole = Portion(FIRST, PAYABLE, Decimal("40.00"))
    assert after_release(kind, whole) == [(FIRST, "payable", "40.00")]


@pytest.mark.parametrize("kind", HOLDS)
def test_instalments_that_are_paid_at_once_after_all_are_instalments_no_longer(kind: str) -> None:
    split = [Portion(FIRST, PAYABLE, Decimal("10.00")), Portion(FIRST, "in_instalments", Decimal("20.00"))]
    later = [Portion(start, PAYABLE, Decimal("10.00")) for start in (SECOND, THIRD)]
    found = after_release(kind, *split, *later)
    assert (FIRST, "payable", "30.00") in found
    assert sum(Decimal(amount) for start, _, amount in found if start == FIRST) == 30


class Life:
    """A series of a week's items by the rules alone, as posting, finalising and holding make them."""

    def __init__(self, series: str) -> None:
        self.series = series
        self.items: list[list[Portion]] = []
        self.hold: WeekHold | None = None
        self.opens = FIRST
        self.owed = NOTHING

    def post(self, pence: int) -> None:
        owed = Decimal(pence) / 100 * MORE[self.series]
        difference, self.owed = owed - self.owed, owed
        hold = self.hold if self.hold and self.hold.holds_in(self.opens) else None
        if not difference:
            return
        if hold is None:
            self.items.append([Portion(self.opens, PAYABLE, difference)])
            return
        for part in parts_of(self.series, difference, self.sum_held(), hold):
            lines = [Portion(part.pays_in, PAYABLE, part.amount)] if part.pays_in else []
            self.items.append([Portion(self.opens, part.status, part.amount), *lines])

    def decide(self, kind: str) -> None:
        before = self.hold if self.hold and self.hold.holds_in(self.opens) else None
        if kind == RELEASE and before is None:
            return
        self.hold = a_hold(kind, opens=self.opens)
        unpaid = [
            one
            for which, lines in enumerate(self.items)
            for one in unpaid_of(str(which), self.series, portions_of(lines), self.opens)
        ]
        for one, lines in moves_of(self.hold, before, unpaid):
            self.items[int(one.item_id)] += lines

    def finalise(self) -> None:
        self.opens = next_period(self.opens)

    def portions(self) -> list[Portion]:
        return portions_of(line for lines in self.items for line in lines)

    def sum_held(self) -> Decimal:
        hold = self.hold if self.hold and self.hold.holds_in(self.opens) else None
        if hold is None:
            return sum((one.amount for one in self.portions() if one.status in HELD), NOTHING)
        return sum((one.amount for one in self.portions() if hold.is_holding(one)), NOTHING)

    def paid_by_period(self) -> dict[date, Decimal]:
        """Payable by period, without what waits to be payable in a later one."""
        by_period: dict[date, Decimal] = defaultdict(Decimal)
        hold = self.hold if self.hold and self.hold.holds_in(self.opens) else None
        for one in self.portions():
            if one.status == PAYABLE and not (hold and hold.is_holding(one)):
                by_period[one.period_start] += one.amount
        return by_period


STEPS = st.one_of(
    st.integers(0, 100_00).map(lambda pence: ("post", pence)),
    st.sampled_from((*HOLDS, RELEASE)).map(lambda kind: ("decide", kind)),
    st.just(("finalise", None)),
)


@given(st.sampled_from(("cost", "income")), st.lists(STEPS, max_size=14))
def test_for_every_sequence_paid_and_held_come_to_what_is_owed_and_nothing_is_taken_back_that_was_not_paid(
    series: str, steps: list[tuple[str, object]]
) -> None:
    life = Life(series)
    for name, value in steps:
        frozen = {start: amount for start, amount in life.paid_by_period().items() if start < life.opens}
        getattr(life, name)(*([] if value is None else [value]))
        paid, more = life.paid_by_period(), MORE[series]
        assert sum(paid.values(), NOTHING) + life.sum_held() == life.owed
        assert life.sum_held() * more >= 0
        running = NOTHING
        for start in sorted(paid):
            running += paid[start] * more
            assert running >= 0, "more was taken back than was paid"
        assert {start: paid[start] for start in frozen} == frozen
        is_held = life.hold is not None and life.hold.holds_in(life.opens)
        if is_held:
            assert paid[life.opens] * more <= 0, "a held week pays nothing"
        else:
            assert life.sum_held() == 0
