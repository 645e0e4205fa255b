"""Doubts of a week's data, and samples that were picked to be looked at (RULES 9)."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.disputes.disputes import VisitToDispute


class Evidence(TypedDict, total=False):
    """What a doubt is seen by; each kind has some of these. Spans are seconds since midnight, from and to."""

    planned: list[int] | None
    visit_type: str
    delivered_on: str | None
    delivered: list[int] | None
    visit_ref: str
    carer_ref: str
    cpli_id: int
    other_ref: str
    other_organisation: str
    other_on: str
    other_delivered: list[int] | None
    is_across: bool
    overlap_seconds: int
    hospital_days: list[str]
    is_elsewhere: bool
    circumstance: str
    from_on: str
    to_on: str | None
    ended_on: str
    carers: int
    at: int
    wanted: int
    planned_seconds: int
    delivered_seconds: int
    frustrated_seconds: int
    is_more_than_planned: bool
    commissioned_seconds: int
    planned_cost: str
    delivered_cost: str


class Doubt(TypedDict):
    """Something that the data shows, until somebody raises it (``case_id``) or dismisses it (``settled_why``).

    reason: the type of dispute that it would be. visits: none when it is about the week of the CPLI.
    """

    doubt_id: str
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
    """A dispute that was raised on doubts."""

    case_id: str
    organisation_id: str
    reason: str


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
