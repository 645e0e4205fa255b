"""Contract documents (RULES 11): what makes one, what it says of money, until when and how it is answered. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from libs.common.care.clock import london_day
from libs.common.care.money import pounds_text
from libs.common.seams.matching.documents import DocumentAmount

PUBLISHED, AGREED, REJECTED = "published", "agreed", "rejected"
STATUSES = (PUBLISHED, AGREED, REJECTED)

AUTOMATICALLY = "agree_automatically"
MOVES = {
    (PUBLISHED, "agree"): AGREED,
    (PUBLISHED, "reject"): REJECTED,
    (PUBLISHED, "agree_manually"): AGREED,
    (PUBLISHED, AUTOMATICALLY): AGREED,
}
"""The allowed moves: a document is answered once."""
MOVERS = {"agree": "provider", "reject": "provider", "agree_manually": "council"}
"""Whose answer it is. `agree_automatically` is nobody's: the days are over."""
AGREEING = ("agree", "agree_manually")
"""The answers that many documents may be given at once: each rejection has a reason of its own."""
DAYS_TO_ANSWER = 7

SET_UP, ENDED, REOPENED, CORRECTED, AGAIN = "set_up", "ended", "reopened", "corrected", "again"
"""Why a document was published: the last two follow a rejection."""

Facts = Mapping[str, Any]


def reason_to_publish(before: Facts | None, after: Facts) -> str | None:
    """Why a change of a CPLI needs a document; None when it needs none.

    RULES 11: one for every CPLI set up or ended. What moves to another organisation is set up for that one.
    """
    if before is None or before["organisation_id"] != after["organisation_id"]:
        return SET_UP
    if before["end_on"] == after["end_on"]:
        return None
    return REOPENED if after["end_on"] is None else ENDED


def due_on(published_at: dt.datetime) -> dt.date:
    """The seventh day, in London: it may be answered until that day has ended."""
    return london_day(published_at) + dt.timedelta(days=DAYS_TO_ANSWER)


def status_after(status: str, move: str) -> str | None:
    """What a document becomes; None when it can't be answered so."""
    return MOVES.get((status, move))


def amounts(says: Facts) -> list[DocumentAmount]:
    """What a document says of money, by date: hours a week, pounds an hour, and pounds as often as its frequency says.

    Terms that another one replaced before the care began, and those that begin after its end, say nothing.
    """
    return [
        {
            "from_on": first.isoformat(),
            "to_on": last.isoformat() if last else None,
            "quantity": term["quantity"],
            "unit_cost": term["unit_cost"],
            "cost": pounds_text(Decimal(term["quantity"]) * Decimal(term["unit_cost"])),
        }
        for first, last, term in _spans(says["terms"], _day(says["start_on"]), _day(says["end_on"]))
    ]


def _spans(
    terms: Sequence[Facts], start_on: dt.date | None, end_on: dt.date | None
) -> Iterator[tuple[dt.date, dt.date | None, Facts]]:
    """Each term with its first and last day within the care."""
    start = start_on or dt.date.min
    begins = [max(_day(term["from"]) or start, start) for term in terms]
    for term, (first, following) in zip(terms, pairwise([*begins, None]), strict=True):
        if first is None or first == following or (end_on and first > end_on):
            continue
        last = following - dt.timedelta(days=1) if following else None
        yield first, min(filter(None, (last, end_on)), default=None), term


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
