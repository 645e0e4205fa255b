"""What a dispute may be about, and what follows from one that nobody answers (RULES 9), pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from libs.common.care.weeks import sunday_of
from libs.common.casework.cases import REASONS

WITHDRAWN: Final = "The visit was in dispute and its provider did not respond within 7 days"
"""Why visits are withdrawn: the council's own reason in [003]'s list for deletions."""
ACTUAL_WITHDRAWN: Final = "The week was in dispute and its provider did not respond within 7 days"
"""The same of an actual."""


def find_fault(dispute: Mapping[str, Any]) -> str | None:
    """Why this can't be raised: a sentence; None when it can.

    A dispute is about visits, each named once, or about the week of a care package line item.
    """
    if dispute["reason"] not in REASONS:
        return "Choose one of the reasons for a dispute."
    refs = [visit["visit_ref"] for visit in dispute.get("visits") or ()]
    monday = dispute.get("monday")
    if bool(refs) == (monday is not None):
        return "Raise a dispute on visits or on a week of a care package line item."
    if len(set(refs)) < len(refs):
        return "Name each visit once."
    if monday is not None and (monday.weekday() != 0 or dispute.get("cpli_id") is None):
        return "Name a week by its Monday, with its care package line item."
    return None


def days_of(dispute: Mapping[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day that a dispute is about, where its raiser names none."""
    monday = dispute.get("monday")
    if monday is not None:
        return monday, sunday_of(monday)
    return dispute.get("first_on"), dispute.get("last_on")


def list_doubly_named(disputes: Iterable[Mapping[str, Any]]) -> list[str]:
    """VisitRefs that several of these disputes name for one reason."""
    seen: set[tuple[str, str, str]] = set()
    twice = []
    for one in disputes:
        for visit in one.get("visits") or ():
            key = (str(one["organisation_id"]), visit["visit_ref"], one["reason"])
            if key in seen:
                twice.append(visit["visit_ref"])
            seen.add(key)
    return twice


def sentence_of_disputed(found: Sequence[Mapping[str, Any]]) -> str:
    """The sentence for visits or weeks that are in dispute for this reason already."""
    first = found[0]
    more = (
        f" So are {len(found) - 1:,} others."
        if len(found) > 2
        else " So is another."
        if len(found) > 1
        else ""
    )
    return (
        f"{first['what']} is in dispute already for the reason {first['reason']}, in dispute {first['number']}.{more}"
        " Leave it out, or write in that dispute."
    )
