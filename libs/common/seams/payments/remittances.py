"""Remittances: what organisations are paid in a period (RULES 8, 15). Pounds and days are text."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.payments.periods import PeriodSums


class RemittanceLine(TypedDict):
    """One line a client, kind and reason of a service; ``cost_or_income`` says which of the two.

    ``lines``: how many lines a line of a summary is made of. The totals stand with the last line of a service and of
    an organisation.
    """

    organisation: str
    service: str
    contract: str
    client: str
    kind: str
    cost_or_income: str
    reason: str
    week_from: str
    week_to: str
    amount: str
    lines: int
    number: str
    paid_on: str | None
    service_total: str | None
    organisation_total: str | None


class NotPaid(TypedDict):
    """How many items of a status that is not payable, and what they come to."""

    status: str
    items: int
    amount: str


class PaidUnderContract(TypedDict):
    """The day on which a contract's part of a remittance was paid; None while no run that pays it is approved."""

    contract: str
    paid_on: str | None


class Advice(TypedDict):
    """The remittance of one organisation: its number, and what of it was paid when."""

    organisation: str
    number: str
    paid: list[PaidUnderContract]


class Remittance(TypedDict):
    """A page of a period's remittances, what all of it comes to, what is not paid, and how the period stands.

    ``state`` is that of a period; ``open_contracts`` those that are not finalised.
    """

    lines: list[RemittanceLine]
    totals: PeriodSums
    not_paid: list[NotPaid]
    state: str
    open_contracts: list[str]
    advices: list[Advice]
