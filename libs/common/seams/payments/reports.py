"""What payments tells reports: commissioned care against actuals, exceptions of pending payments (RULES 6, 15)."""

from __future__ import annotations

from typing import TypedDict


class Compared(TypedDict):
    """Commissioned, actual, frustrated and their difference: hours to two decimals, or pounds."""

    commissioned: str
    actual: str
    frustrated: str
    difference: str


class CommissionedWeek(TypedDict):
    """A CPLI's week: what was commissioned against what is payable; ``visits`` counts those matched,
    or those that the provider counted."""

    cpli_id: int
    monday: str
    visits: int
    quantity: Compared
    cost: Compared


class HoursOfWeek(TypedDict):
    """Hours of a week over many CPLIs, to two decimals."""

    monday: str
    commissioned: str
    delivered: str
    frustrated: str


class PaymentException(TypedDict):
    """What is payable in a period but is not an ordinary cost, and why (``exceptions``)."""

    item_id: str
    organisation: str
    client: str
    cpli_id: int | None
    kind: str
    reason: str
    contract: str
    week: str | None
    amount: str
    exceptions: list[str]
