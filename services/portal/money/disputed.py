"""Open disputes in money: what the visits and weeks that are in dispute pay (RULES 8, 9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from libs.common.care.money import NOTHING, pounds_text
from libs.common.seams.disputes.disputes import OpenDispute
from libs.common.seams.payments.runs import Counted
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient

Asked = TypeVar("Asked")
VISITS_A_CALL = 500


def disputes_in_money(
    payments: PaymentsClient, matching: MatchingClient, disputes: Sequence[OpenDispute]
) -> dict[str, Counted]:
    """By organisation: how many disputes are open, and what the visits and weeks in dispute pay.

    Raises Refused and ServiceUnavailable.
    """
    numbers = Counter(one["organisation_id"] for one in disputes)
    refs = sorted({(one["organisation_id"], ref) for one in disputes for ref in one["visits"]})
    weeks = sorted(
        {
            (one["cpli_id"], one["monday"])
            for one in disputes
            if one["cpli_id"] is not None and one["monday"] is not None
        }
    )
    answers = [
        payments.money_at_stake(visits=matching.matched_weeks(refs=batch), weeks=[])
        for batch in in_batches(refs)
    ]
    answers += [payments.money_at_stake(visits=[], weeks=batch) for batch in in_batches(weeks)]
    sums: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for answer in answers:
        for organisation_id, amount in answer.items():
            sums[organisation_id] += Decimal(amount)
    return {one: {"number": number, "amount": pounds_text(sums[one])} for one, number in numbers.items()}


def in_batches(rows: Sequence[Asked]) -> Iterable[Sequence[Asked]]:
    """As many as a call takes at a time."""
    return (rows[first : first + VISITS_A_CALL] for first in range(0, len(rows), VISITS_A_CALL))
