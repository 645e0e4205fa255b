"""Payment items: in a period, one by one, and found by what somebody wrote (RULES 8). Pounds are text."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.payments.prices import PricePart, PriceSteps


class TermOfItem(TypedDict):
    """What holds of the CPLI from a date on; the contribution is hidden where it is none of a provider's business."""

    effective_from: str
    quantity: str
    unit_cost: str
    assessed_contribution: str | None
    collected_by: str


class StoredExplanation(PriceSteps, total=False):
    """What made an item's amount, as it was kept when it was posted; what is there depends on its kind."""

    rule: str
    parts: list[PricePart]
    # of a week
    delivered_seconds: int
    frustrated_seconds: int
    actual: str
    frustrated: str
    owed: str
    posted_before: str
    # of a one-off payment
    quantity: str
    unit_cost: str
    start_on: str
    authorised: bool
    claim_item_id: str | None
    # of an accepted claim
    claim_id: str
    claim: int
    first_on: str
    last_on: str
    worked_out: str
    # of a debt
    debt_id: str
    arose_in: str
    debt_contract: str


class Explanation(StoredExplanation):
    """The same with the terms of the CPLI."""

    terms: list[TermOfItem]


class ItemDocument(TypedDict):
    """An item with all that explains it; ``posted_amount`` is the whole item, ``amount`` what of it is meant."""

    item_id: str
    organisation: str | None
    client: str
    cpli_id: int | None
    week: str | None
    kind: str
    reason: str
    contract: str
    posted_at: str
    amount: str
    posted_amount: str
    explanation: Explanation


class PortionOfPeriod(TypedDict):
    """What of an item stands in the period with a status."""

    status: str
    amount: str


class WhyHeld(TypedDict):
    """What was done last with an item in a period, why, and who is asked about it."""

    name: str
    reason: str
    owner: str
    moved_at: str


class ItemOfPeriod(ItemDocument):
    """An item as it stands in a period: whether any of it is payable there, how much, and the rest by status."""

    payable: bool
    payable_amount: str
    non_payable_amount: str
    portions: list[PortionOfPeriod]
    hold: WhyHeld | None


class PortionOfItem(TypedDict):
    """What of an item stands in a period with a status, and what the asker may do with it."""

    period_start: str
    status: str
    amount: str
    moves: list[str]


class MoveDocument(TypedDict):
    """Something that was done with an item."""

    name: str
    period_start: str
    status: str
    instalments: int | None
    reason: str
    owner: str
    moved_by: str
    moved_at: str


class ItemInFull(ItemDocument):
    """An item with its portions and what was done; ``is_of_week``: it is held and released with its week."""

    period_start: str
    is_of_week: bool
    portions: list[PortionOfItem]
    moves: list[MoveDocument]


class FoundItem(TypedDict):
    """An item of the CPLI or the client that was searched for."""

    item_id: str
    organisation: str | None
    client: str
    cpli_id: int | None
    week: str | None
    kind: str
    amount: str
    period_start: str
