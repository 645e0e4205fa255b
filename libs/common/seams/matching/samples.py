"""A sample of a week's care (RULES 9)."""

from __future__ import annotations

from typing import TypedDict


class SampledWeek(TypedDict):
    """A CPLI's week of visits: seconds and pounds."""

    cpli_id: int
    organisation_id: str
    client: str
    planned_seconds: int
    delivered_seconds: int
    planned_cost: str
    delivered_cost: str


class Sample(TypedDict):
    """The weeks that were picked, out of how many, of an organisation or of all."""

    rows: list[SampledWeek]
    out_of: int
    organisation_id: str | None
