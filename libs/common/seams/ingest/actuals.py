"""Weeks of actuals (RULES 13): times in seconds, money as text, days as 2022-10-03."""

from __future__ import annotations

from typing import TypedDict


class ActualLineDocument(TypedDict):
    """A line of a week; ``visits`` is null where no number was given."""

    first_on: str
    last_on: str
    planned_seconds: int
    delivered_seconds: int
    frustrated_seconds: int
    visits: int | None
    comment: str


class ActualDocument(TypedDict):
    """A CPLI's week as it stands; ``version`` is 0, and ``state`` none, while nothing is generated."""

    cpli_id: int
    week: str
    state: str
    version: int
    organisation_id: str
    client_reference: str
    ssref: str
    service: str
    service_level: str
    contract: str
    planned_seconds: int
    delivered_seconds: int
    frustrated_seconds: int
    cost: str
    is_more_than_planned: bool
    may_be_saved_from: str | None
    reason: str
    changed_by: str
    changed_at: str | None
    lines: list[ActualLineDocument]


class SuspendedClient(TypedDict):
    """A CPLI that is suspended on days of the week."""

    cpli_id: int
    client_reference: str
    service: str
    days: list[tuple[str, str]]


class ActualsWeek(TypedDict):
    """The weeks of all CPLIs of an organisation, and what they come to."""

    week: str
    total_cost: str
    actuals: list[ActualDocument]
    suspended: list[SuspendedClient]


class GeneratedWeek(ActualsWeek):
    """The same after generating: how many are new, and how many were there."""

    generated: int
    kept: int


class ActualVersionDocument(TypedDict):
    """A version of a week that a later one replaced."""

    version: int
    state: str
    reason: str
    changed_by: str
    changed_at: str
    delivered_seconds: int
    frustrated_seconds: int
    lines: list[ActualLineDocument]


class ActualWithVersions(ActualDocument):
    """A CPLI's week with what it was before, newest first."""

    versions: list[ActualVersionDocument]
