"""What visits pay, and each step that makes it (RULES 6). Pounds are text."""

from __future__ import annotations

from typing import NamedTuple, TypedDict


class PricePart(TypedDict):
    """Seconds of one kind at one rate: their exact product, and how it was rounded."""

    part: str
    seconds: int
    unit_cost: str
    exact: str
    rounding: str


class PriceStep(TypedDict):
    """What a pay rule changed in a visit: seconds, or for ``rate`` pounds an hour; ``by``: the rate's day."""

    visit: str
    rule: str
    before: str
    after: str
    by: str


class PriceSteps(TypedDict, total=False):
    """What pay rules changed, the first steps and how many there are; nothing where they changed nothing."""

    steps: list[PriceStep]
    steps_in_all: int


class PricedWeekOfVisit(TypedDict):
    """The CPLI's week that a visit is paid in."""

    monday: str
    cpli_id: int
    actual: str
    frustrated: str
    payable: str


class Payment(PriceSteps):
    """What one visit adds to its week, before the rounding that the week has once."""

    amount: str
    paid: bool
    why: str
    parts: list[PricePart]
    week: PricedWeekOfVisit


class VisitPayment(NamedTuple):
    """A visit and what it pays."""

    organisation_id: str
    visit_ref: str
    payment: Payment


class TriedPrice(PriceSteps):
    """What a visit would pay under a contract's rules; ``rules_from``: since when those rules hold, None before any."""

    payable: str
    charged: str
    basis: str
    seconds: int
    parts: list[PricePart]
    rules_from: str | None
    bank_holiday: str | None
