"""What overlaps put at stake, and clients with more carers at once than the plan wants (RULES 16)."""

from __future__ import annotations

from typing import TypedDict


class PairAsked(TypedDict):
    """Two visits, each an organisation's id and a VisitRef, and for how many seconds both ran."""

    first: tuple[str, str]
    second: tuple[str, str]
    seconds: int


class Stake(TypedDict):
    """Pounds, and the unit cost an hour that they come from; by_first: that of the visit that was begun first."""

    amount: str
    unit_cost: str
    by_first: bool


class CrowdVisit(TypedDict):
    """A visit of those that meet; times as planned, as 09:00."""

    ref: str
    entry: str
    exit: str
    carer_ref: str


class Crowd(TypedDict):
    """A client's delivered visits that are planned at one moment, and are more than the plan wants carers then.

    at: the moment, as 09:00. client: the reference by which the client is shown.
    """

    organisation: str
    client: str
    day: str
    at: str
    carers: int
    wanted: int
    visits: list[CrowdVisit]


class CrowdsPage(TypedDict):
    """Some of them, by organisation, day and client, and after which place the next come; None at the end."""

    crowds: list[Crowd]
    after: tuple[str, str, str, int] | None
