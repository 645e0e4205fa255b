"""Payment runs, and what an approver must see of one (RULES 8). Pounds are text."""

from __future__ import annotations

from typing import TypedDict


class RunLimits(TypedDict):
    """From when on a change is large: so much per cent, so many pounds; and so many pounds one person may adjust."""

    percent: str
    pounds: str
    adjustments: str
    set_by: str
    set_at: str


class Run(TypedDict):
    """A run in a list; ``state`` is prepared, approved, rejected or superseded, ``contract`` None for all."""

    run_id: str
    period_start: str
    prepared_by: str
    prepared_at: str
    reason: str | None
    decided_by: str | None
    decided_at: str | None
    period_end: str
    contract: str | None
    state: str
    payable: str
    last_payable: str


class Counted(TypedDict):
    """How many there are, and what they come to."""

    number: int
    amount: str


class Adjusted(Counted):
    """The same of manual adjustments, and the sum of their sizes."""

    size: str


class RunSums(TypedDict):
    """Totals against last period, and what stands out of them.

    ``rejected`` and ``first_payments`` count providers: those who reject the payment, those never paid before.
    """

    payable: str
    last_payable: str
    change: str
    remarks: list[str]
    lacking: str
    adjustments: Adjusted
    holds: Counted
    rejected: int
    first_payments: int


class Rejection(TypedDict):
    """A provider's answer that rejects the payment."""

    answer_id: str
    reason: str
    answered_by: str
    answered_at: str


class BigItem(TypedDict):
    """One of the items that make a large change."""

    organisation_id: str
    item_id: str
    client: str
    cpli_id: int | None
    week: str | None
    kind: str
    reason: str
    amount: str


class RunOfOrganisation(RunSums):
    """An organisation's line of a run."""

    organisation_id: str
    organisation: str
    rejection: Rejection | None
    biggest_items: list[BigItem]


class RunWithLimits(Run):
    """A run with the limits from which on a change is large, and what can be done with it."""

    percent: str
    pounds: str
    is_finalised: bool
    is_still_payable: bool


class RunInFull(RunWithLimits):
    """A run as its approver must see it."""

    in_all: RunSums
    organisations: list[RunOfOrganisation]
