"""Doubts and what becomes of them (RULES 9), pure: proposals, of which none holds anything back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import Any, Final, NamedTuple, cast

from libs.common.care.clock import london_day
from libs.common.care.weeks import DAYS_IN_A_WEEK, monday_of
from libs.common.casework.doubts import (
    DISMISSED,
    GONE,
    INCORRECT_DATA,
    PROPOSED,
    RAISED,
    REASONS,
    SAMPLED,
    STATES,
)
from libs.common.seams.disputes.evidence import DoubtInDispute, Evidence

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


OF_OTHER_VISIT: Final = ("is_across", "other_organisation", "other_ref", "other_on", "other_delivered")
"""What the evidence of an overlap says of the other visit: told when it is the same provider's."""
OF_OTHER_STAY: Final = ("is_elsewhere", "hospital_days")
"""What the evidence of a stay says of H visits: told when they are the same provider's."""


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


def group_by_dispute(doubts: Iterable[Mapping[str, Any]]) -> dict[Group, list[Mapping[str, Any]]]:
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


class About(NamedTuple):
    """What a dispute of a reason is about: a VisitRef of an organisation's id, or the Monday of a CPLI's id."""

    of: Any
    what: str | dt.date
    reason: str


class Why(NamedTuple):
    """Why a doubt is not raised: a code, and a sentence."""

    code: str
    message: str


SETTLED: Final = {
    GONE: "The data does not show it any more.",
    RAISED: "It was raised as a dispute meanwhile.",
    DISMISSED: "It was dismissed meanwhile.",
}
"""Why a doubt in this state can't be raised."""


def list_about(doubt: Mapping[str, Any]) -> list[About]:
    """What the dispute of a doubt would be about: its visits, or its CPLI's week."""
    reason = reason_of(doubt["kind"])
    if not doubt["visits"]:
        return [About(doubt["cpli_id"], doubt["monday"], reason)]
    return [About(str(doubt["organisation_id"]), ref, reason) for ref in doubt["visits"]]


def find_why_left(
    doubt: Mapping[str, Any], visits: Container[tuple[str, str]], disputed: Mapping[About, int]
) -> Why | None:
    """Why a doubt can't be raised (RULES 9: one open dispute of a reason for a visit, and for a week); None when it can.

    visits: those that are there, by organisation id and VisitRef. disputed: numbers of open disputes.
    """
    if RAISED not in MOVES[doubt["state"]]:
        return Why("wrong_state", SETTLED[doubt["state"]])
    for ref in doubt["visits"]:
        if (str(doubt["organisation_id"]), ref) not in visits:
            return Why("visit_gone", f"Visit {ref} is not there any more.")
    for one in list_about(doubt):
        if one in disputed:
            what = f"Visit {one.what}" if doubt["visits"] else "The week"
            return Why("already_disputed", f"{what} is in dispute {disputed[one]} already, for this reason.")
    return None


def doubt_to_tell(doubt: Mapping[str, Any]) -> DoubtInDispute:
    """What both sides of a dispute read of the doubt that it was raised on: nothing of another provider's visits."""
    evidence = dict(doubt["evidence"])
    of_others = [
        *(OF_OTHER_VISIT if evidence.get("is_across") else ()),
        *(OF_OTHER_STAY if evidence.get("is_elsewhere") else ()),
    ]
    return {
        "kind": doubt["kind"],
        "visits": list(doubt["visits"]),
        "cpli_id": doubt["cpli_id"],
        "first_on": doubt["first_on"].isoformat(),
        "last_on": doubt["last_on"].isoformat(),
        "evidence": cast(Evidence, {name: fact for name, fact in evidence.items() if name not in of_others}),
    }


def last_complete_week(now: dt.datetime) -> dt.date:
    """The Monday of the newest week that is over in London."""
    return monday_of(london_day(now)) - dt.timedelta(days=DAYS_IN_A_WEEK)
