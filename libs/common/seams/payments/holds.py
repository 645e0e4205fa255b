"""Holds of CPLI-weeks (RULES 8)."""

from __future__ import annotations

from typing import TypedDict


class HoldInForce(TypedDict):
    """A week that is held, in a list of them; ``held``: the money that waits."""

    cpli_id: int
    week: str
    kind: str
    charge: str
    pays_from: str | None
    reason: str
    owner: str
    placed_by: str
    placed_at: str
    organisation: str
    client: str
    held: str


class UnpaidPortion(TypedDict):
    """What of an item is not paid yet."""

    item_id: str
    series: str
    period_start: str
    status: str
    amount: str


class WeekDecision(TypedDict):
    """A decision about a week: a hold or a release."""

    kind: str
    charge: str
    pays_from: str | None
    reason: str
    owner: str
    placed_by: str
    placed_at: str


class WeekLeft(TypedDict):
    """One of many weeks about which nothing was decided, and why."""

    cpli_id: int
    week: str
    message: str


class DecidedWeeks(TypedDict):
    """What became of weeks that were to be held or released: about how many it is decided, and which were left."""

    done: int
    left: list[WeekLeft]


class WeekHold(TypedDict):
    """A CPLI's week: ``held`` is what waits by the hold, ``unpaid`` all that a hold would take."""

    cpli_id: int
    week: str
    organisation: str | None
    client: str
    contract: str
    is_held: bool
    may_be_released: bool
    held: str
    unpaid: str
    items: list[UnpaidPortion]
    decisions: list[WeekDecision]
