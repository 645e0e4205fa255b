"""Contracts and their optional pay rules (RULES 6)."""

from __future__ import annotations

from typing import TypedDict


class BandData(TypedDict):
    """Visits from ``first`` to ``last`` minutes (None: and longer) pay ``pay`` minutes."""

    first: int
    last: int | None
    pay: int


class RoundingData(TypedDict):
    """To so many minutes; ``way`` is up, down or nearest."""

    minutes: int
    way: str


class RateData(TypedDict):
    """Pounds an hour, or a percentage of the unit cost, and for which visits; times are ``HH:MM``."""

    day: str
    entry_from: str | None
    entry_to: str | None
    up_to: int | None
    unit_cost: str | None
    percent: str | None


class SpecialDayData(TypedDict):
    """A day of the contract's own."""

    on: str
    name: str


class PayRulesData(TypedDict):
    """All pay rules of a contract, in whole minutes; None and empty are off."""

    bands: list[BandData]
    rounding: RoundingData | None
    cap: int | None
    minimum: int | None
    rates: list[RateData]
    special_days: list[SpecialDayData]


class ContractWithRules(TypedDict):
    """A contract of care: since when it has the pay rules of today, and from when it will have others."""

    contract: str
    since: str | None
    coming: str | None


class RulesSet(TypedDict):
    """Rules that were set for a date; ``state``: current, coming, past, or replaced by a newer set of that date."""

    set_id: int
    effective_from: str
    rules: PayRulesData
    set_by: str
    set_at: str
    state: str


class ContractRules(TypedDict):
    """All that was ever set for a contract, the latest date first; bank holidays are known until a day."""

    contract: str
    sets: list[RulesSet]
    bank_holidays_until: str
