"""What merging two clients would move in money (RULES 2). Pounds are text."""

from __future__ import annotations

from typing import TypedDict


class NowAndThen(TypedDict):
    """An amount as it is, as it would be, and the difference."""

    now: str
    then: str
    difference: str


class ChargeOfMergedWeek(NowAndThen):
    """A week whose charge would change, and the period that it would be posted into."""

    monday: str
    period_start: str


class MoneyOfOrganisation(TypedDict):
    """An organisation whose money would change."""

    organisation: str
    cost: NowAndThen
    deductions: NowAndThen


class MoneyOfMerge(TypedDict):
    """What is charged and paid for two clients now, and would be as one's."""

    charges: NowAndThen
    organisations: list[MoneyOfOrganisation]
    weeks: list[ChargeOfMergedWeek]
