"""What doubts are seen by, and what of it a dispute keeps (RULES 9)."""

from __future__ import annotations

from typing import TypedDict


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


class DoubtInDispute(TypedDict):
    """A doubt as the dispute that was raised on it keeps it for both sides: nothing of other providers.

    visits: none when it is about the week of the CPLI.
    """

    kind: str
    visits: list[str]
    cpli_id: int | None
    first_on: str
    last_on: str
    evidence: Evidence
