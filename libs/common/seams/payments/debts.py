"""What organisations owe after a period below nothing (RULES 8). Pounds are text."""

from __future__ import annotations

from typing import TypedDict


class DebtDue(TypedDict):
    """What of a debt comes off an open period's payment under a contract."""

    contract: str
    period_start: str
    amount: str


class DebtSums(TypedDict):
    """How many debts there ever were, and what is still owed of all of them in pounds."""

    number: int
    owed: str


class Debt(TypedDict):
    """A debt with what came off and what is owed; ``is_for_an_invoice`` after three periods in which nothing did."""

    debt_id: str
    organisation_id: str
    organisation: str | None
    contract: str
    arose_in: str
    item_id: str | None
    amount: str
    came_off: str
    written_off: str
    owed: str
    due: list[DebtDue]
    periods_without: int
    is_for_an_invoice: bool
