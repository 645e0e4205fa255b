"""What there is to look at before a period is finalised, as far as payments knows it (RULES 8). Pounds are text."""

from __future__ import annotations

from typing import TypedDict


class HeldOfOrganisation(TypedDict):
    """How many items of an organisation are held in the period, and what they come to."""

    organisation_id: str
    organisation: str
    number: int
    amount: str


class BelowNothing(TypedDict):
    """A total of an organisation under a contract that is below nothing: a debt once it is finalised."""

    organisation_id: str
    organisation: str
    contract: str
    amount: str


class LargeChange(TypedDict):
    """What an organisation is paid that differs from last period by the limits of payment runs at least."""

    organisation_id: str
    organisation: str
    payable: str
    last_payable: str


class FinalisingChecklist(TypedDict):
    """Of the contracts that finalising would freeze; what is finalised already is not counted again.

    ``refusal`` says why the period can't be finalised now, None where it can; ``owed`` is what is left of debts.
    """

    start: str
    end: str
    contract: str | None
    state: str
    freezes: list[str]
    finalised_contracts: list[str]
    refusal: str | None
    payable: str
    last_payable: str
    changes: list[LargeChange]
    holds: list[HeldOfOrganisation]
    below_nothing: list[BelowNothing]
    owed: str
