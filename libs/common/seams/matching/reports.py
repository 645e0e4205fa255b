"""What reports read of care and visits (RULES 5, 15)."""

from __future__ import annotations

from typing import TypedDict


class PackageOfClient(TypedDict):
    """A CPLI of hours that is paid from visits, as Commissioned v Actuals compares it."""

    cpli_id: int
    organisation: str
    service_level: str
    service: str
    client: str
    forename: str
    surname: str
    start_on: str
    end_on: str | None
    cost_centre: str
    subjective: str
    service_group_class: str


class ReportChoices(TypedDict):
    """What reports may be limited to."""

    group_classes: list[str]
    services: list[str]
    contracts: list[str]


class UnmatchedDays(TypedDict):
    """The newest day for which visits without a match are planned, and how many are planned outside of two days.

    Days are None where there are no such visits.
    """

    newest: str | None
    outside: int
    newest_outside: str | None


UnmatchedVisitPlace = tuple[str, str, str, int, str]
"""Folded name of the organisation, reason, planned day, seconds of the day, VisitRef."""


class UnmatchedVisit(TypedDict):
    """A visit without a match, with why; ``place``: after it the next page begins. Names are empty for strangers."""

    organisation_id: str
    organisation: str
    visit_ref: str
    client: str
    forename: str
    surname: str
    planned_on: str
    planned_entry: str
    planned_exit: str
    visit_type: str
    service: str
    service_level: str
    delivered_seconds: int | None
    reason: str
    place: UnmatchedVisitPlace
