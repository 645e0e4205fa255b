"""Weeks of actuals (RULES 13): times in seconds, money as text, days as 2022-10-03."""

from __future__ import annotations

from typing import Final, TypedDict

from libs.common.seams.ingest.files import FileCounts, FileRefusal, FileWarningDocument

ACTUALS_AT_ONCE: Final = 500
"""CPLIs of whose week one answer can tell."""


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


CALENDAR_STATES: Final = ("submitted", "generated", "invoiced", "disputed")
"""Of a week in the calendar, the one that is shown of several last."""


class MarkedWeek(TypedDict):
    """What another service knows of a CPLI's week: ``disputed`` or ``invoiced``."""

    cpli_id: int
    monday: str
    state: str


class CalendarWeek(TypedDict):
    """A week with its state, and how many CPLIs' weeks are generated and saved."""

    week: str
    state: str
    generated: int
    submitted: int


class UnconfirmedWeek(TypedDict):
    """A CPLI's week that its contract wants saved by a moment."""

    cpli_id: int
    week: str
    organisation_id: str
    client_reference: str
    service: str
    contract: str
    confirm_by: str
    is_overdue: bool


class ExtraRulesDocument(TypedDict):
    """What a contract asks of weeks from a day on; the tolerance in per cent, as text."""

    contract: str
    effective_from: str
    unit_minutes: int | None
    wants_comment: bool
    wants_visits: bool
    tolerance_percent: str
    confirm_weekday: int | None
    confirm_hour: int | None
    set_by: str
    set_at: str


class ActualsForecast(TypedDict):
    """What a file would pay more in pounds; how many actuals it has that are taken, and none that match nothing."""

    payable: str
    matched: int
    unmatched: dict[str, int]


class ActualsFileDocument(TypedDict):
    """A file of actuals without its errors, counted in actuals; as a visits file else (`VisitsFile`)."""

    id: str
    organisation_id: str
    file_name: str
    state: str
    counts: FileCounts | None
    check_version: int
    forecast: ActualsForecast | None
    refusal: FileRefusal | None
    file_warnings: list[FileWarningDocument]
    rejected_key: str | None
    uploaded_by: str
    uploaded_at: str
    confirmed_by: str | None
    confirmed_at: str | None


class ListedActualsFile(ActualsFileDocument):
    """A file in a list, with the name of its organisation."""

    organisation: str
