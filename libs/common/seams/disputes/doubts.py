"""Doubts of a week's data, and samples that were picked to be looked at (RULES 9)."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.disputes.disputes import VisitToDispute
from libs.common.seams.disputes.evidence import DoubtInDispute, Evidence


class Doubt(TypedDict):
    """Something that the data shows, until somebody raises it (``case_id``) or dismisses it (``settled_why``).

    reason: the type of dispute that it would be. visits: none when it is about the week of the CPLI. group_id: the same
    for doubts of a kind in a provider's week about one carer, or one client.
    """

    doubt_id: str
    group_id: str
    organisation_id: str
    monday: str
    kind: str
    reason: str
    client_reference: str
    cpli_id: int | None
    visits: list[str]
    first_on: str
    last_on: str
    evidence: Evidence
    state: str
    found_at: str
    settled_by: str | None
    settled_at: str | None
    settled_why: str | None
    case_id: str | None
    sample_id: str | None


class DoubtGroup(TypedDict):
    """Doubts of a kind in a provider's week about one carer (``carer_ref``), or else about one client.

    number: of doubts. days: how many different ones they begin on. overlap_seconds: of all together, for carers.
    clients: how many. place: in the list of groups. first: the earliest of them.
    """

    group_id: str
    organisation_id: str
    kind: str
    carer_ref: str | None
    number: int
    days: int
    clients: int
    first_on: str
    last_on: str
    overlap_seconds: int | None
    place: tuple[int, str, str, str]
    first: Doubt


class DoubtWeek(TypedDict):
    """How a week stands: how many doubts by state; what is proposed by kind and by organisation id, most first."""

    looked_at: str | None
    states: dict[str, int]
    kinds: list[tuple[str, int]]
    organisations: list[tuple[str, int]]


class LookedAtWeek(TypedDict):
    """A week that was looked at, and how many doubts of it are proposed."""

    monday: str
    proposed: int


class DismissedDoubts(TypedDict):
    """How many doubts were dismissed, and how many could not be any more."""

    done: int
    left: int


class DoubtedVisit(VisitToDispute):
    """A visit in doubt, with whose it is and what it says now."""

    organisation_id: str


class DoubtLeft(TypedDict):
    """A doubt that could not be raised any more, and why."""

    doubt_id: str
    code: str
    message: str


class DisputeOfDoubts(TypedDict):
    """A dispute that was raised on doubts, with what its provider is told of them."""

    case_id: str
    organisation_id: str
    reason: str
    doubts: list[DoubtInDispute]


class RaisedDoubts(TypedDict):
    """What became of doubts that were to be raised; ``done``: how many doubts."""

    done: int
    left: list[DoubtLeft]
    disputes: list[DisputeOfDoubts]


class PickedSample(TypedDict):
    """How weeks of CPLIs were picked; ``out_of``: how many there were; no organisation: of all."""

    sample_id: str
    monday: str
    organisation_id: str | None
    way: str
    size: int
    seed: str
    out_of: int
    picked_by: str
    picked_at: str


class Sample(PickedSample):
    """A sample, with how many of it are in which state."""

    states: dict[str, int]


class ListedSample(PickedSample):
    """A sample in a list, with how many of it are not looked at yet."""

    left_to_do: int
