"""What events say, by the event: the bodies that one service emits and others hear (`libs.common.messaging.bodies`
checks them where they come in)."""

from __future__ import annotations

from typing import NamedTuple, TypedDict


class VisitOfWeek(NamedTuple):
    """A matched visit; in JSON a list of these in their order. Entry and exit are seconds since midnight."""

    visit_ref: str
    visit_type: str
    planned_on: str
    planned_entry: int
    planned_exit: int
    delivered_seconds: int | None


class WeekVisits(TypedDict):
    """A CPLI's week, by its Monday, with all of its visits."""

    cpli_id: int
    monday: str
    visits: list[VisitOfWeek]


class WeekMatched(WeekVisits):
    """The same as it was matched: under which version of the CPLI's terms, for whom, and by whom it was delivered."""

    version: int
    terms_version: int
    client_id: str
    organisation_id: str


class WeeksMatched(TypedDict):
    """``weeks_matched``: the full state of each of these weeks; ``reason``: visits or care have changed."""

    reason: str
    weeks: list[WeekMatched]
