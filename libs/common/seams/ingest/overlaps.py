"""Visits in which one carer is in two places at once (RULES 15, 16)."""

from __future__ import annotations

from typing import TypedDict


class OverlappingVisit(TypedDict):
    """One visit of a pair; times as 09:00."""

    organisation_id: str
    organisation: str
    ref: str
    client: str
    carer_ref: str
    day: str
    entry: str
    exit: str


class Overlap(TypedDict):
    """Two visits of one carer, and for how many seconds both lasted; the next page begins after ``place``.

    left_running: why the first looks as if it was left running: ``ended_together``, ``too_long``.
    """

    carer: str
    is_across: bool
    seconds: int
    left_running: list[str]
    day: str
    visits: tuple[OverlappingVisit, OverlappingVisit]
    place: tuple[str, int, str, str, str, str]


class OverlapLimitSet(TypedDict):
    """A limit as it was set: whole minutes from a delivered day on."""

    name: str
    effective_from: str
    value: int
    set_by: str
    set_at: str
