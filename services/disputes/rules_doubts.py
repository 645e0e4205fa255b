"""Doubts and what becomes of them (RULES 9), pure: proposals, of which none holds anything back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from libs.common.clock import london_day
from libs.common.doubts import INCORRECT_DATA, REASONS, SAMPLED
from libs.common.weeks import DAYS_IN_A_WEEK, monday_of

PROPOSED, GONE, RAISED, DISMISSED = "proposed", "gone", "raised", "dismissed"
STATES: Final = (PROPOSED, GONE, RAISED, DISMISSED)
MOVES: Final[dict[str, frozenset[str]]] = {
    PROPOSED: frozenset({GONE, RAISED, DISMISSED}),
    GONE: frozenset({PROPOSED}),  # the data shows it again
    RAISED: frozenset(),
    DISMISSED: frozenset(),  # it does not come back
}
FOUND_AGAIN: Final = tuple(state for state in STATES if state == PROPOSED or PROPOSED in MOVES[state])
"""The states of doubts that a look may change; the others were settled by somebody."""

MOST_WEEKS_AGAIN: Final = 8
"""So many weeks with proposals are looked at again by themselves, the newest first."""


_CAUSES: Final = uuid.UUID("2f0e7a60-6a3a-4a0b-8c53-7c1f6f7f0b1d")


class Group(NamedTuple):
    """Doubts that become one dispute: of one provider, client and reason, and about visits or about one CPLI's week."""

    organisation_id: Any
    client: str
    reason: str
    monday: dt.date
    cpli_id: int | None
    """nothing when it is about visits"""


def reason_of(kind: str) -> str:
    """The type of dispute that is raised about a kind of doubt."""
    return INCORRECT_DATA if kind == SAMPLED else REASONS[kind]


def grouped(doubts: Iterable[Mapping[str, Any]]) -> dict[Group, list[Mapping[str, Any]]]:
    """Doubts by the dispute that they become, in their order."""
    found: dict[Group, list[Mapping[str, Any]]] = defaultdict(list)
    for one in doubts:
        about_week = None if one["visits"] else one["cpli_id"]
        group = Group(
            one["organisation_id"],
            one["client_reference"],
            reason_of(one["kind"]),
            one["monday"],
            about_week,
        )
        found[group].append(one)
    return found


def last_complete_week(now: dt.datetime) -> dt.date:
    """The Monday of the newest week that is over in London."""
    return monday_of(london_day(now)) - dt.timedelta(days=DAYS_IN_A_WEEK)


def cause_of(monday: dt.date) -> str:
    """The cause of every look at a week."""
    return str(uuid.uuid5(_CAUSES, monday.isoformat()))
