"""Visits files: their states, what is found in them and what they change (RULES 3, 4)."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from libs.common.seams.ingest.forecasts import MatchForecast


class FileWarningDocument(TypedDict):
    """A sentence about a file as a whole; in how many rows, and the first of them: None where no row is meant."""

    code: str
    rows: int | None
    row: int | None
    message: str


class FileCounts(TypedDict):
    """Rows of a checked file, by what becomes of them."""

    read: int
    new: int
    updated: int
    unchanged: int
    deleted: int
    rejected: int
    issues: int


class FileForecast(TypedDict):
    """What a file would pay more than is payable already, and how the visits that it stores would match.

    ``unmatched``: how many, by reason.
    """

    payable: str
    matched: int
    unmatched: dict[str, int]


class FileRefusal(TypedDict):
    """Why a whole file is refused or failed."""

    code: str
    message: str


class VisitsFile(TypedDict):
    """A visits file without its errors.

    ``counts`` is None until it was checked, ``forecast`` and ``will_match`` until these are known, and
    ``forecast_failure`` says why they never will be. ``rejected_key`` is where the rejected rows lie, None where there are none.
    """

    id: str
    organisation_id: str
    file_name: str
    state: str
    counts: FileCounts | None
    check_version: int
    forecast: FileForecast | None
    will_match: MatchForecast | None
    forecast_failure: str | None
    refusal: FileRefusal | None
    file_warnings: list[FileWarningDocument]
    rejected_key: str | None
    uploaded_by: str
    uploaded_at: str
    confirmed_by: str | None
    confirmed_at: str | None


class ReceivedFile(VisitsFile):
    """A file that was sent for the first time. ``organisation_known``: care has named the organisation."""

    organisation_known: bool


class ListedFile(VisitsFile):
    """A file in a list, with the name of its organisation."""

    organisation: str


class RejectedOfFile(TypedDict):
    """Of how many visits a file has a rejected row that was not sent again."""

    organisation_id: str
    organisation: str
    file_id: str
    file_name: str
    uploaded_at: str
    number: int


class RejectedRows(TypedDict):
    """The files whose rejected rows were not sent again, the most rows first; whether all rows were counted."""

    files: list[RejectedOfFile]
    is_complete: bool


class FindingCount(TypedDict):
    """How many rows have this error, or this warning."""

    code: str
    column: str
    is_rejection: bool
    rows: int


class ForecastClients(TypedDict):
    """What a file changes by client: the largest changes as (reference, before, after), and how many more there are."""

    largest: list[tuple[str, str, str]]
    more: int


class FileSummary(TypedDict):
    """A file's findings, counted, and the Mondays of the weeks that it changes."""

    findings: list[FindingCount]
    weeks: list[str]
    organisation: str | None
    clients: ForecastClients | None


class RowFinding(TypedDict):
    """An error of a rejected row, or a warning about one that is stored; the next page begins after ``position``."""

    position: int
    row: int
    ref: str
    column: str
    code: str
    message: str
    value: str
    client: str
    planned_date: str


class RowWhy(NamedTuple):
    """A reason for which a row is rejected: the column that it is about, "" for the row as a whole."""

    row: int
    ref: str
    column: str
    message: str


class RowToCorrect(TypedDict):
    """A rejected row with its reasons; ``place``: the how manieth it is in the file of rejected rows, from 0."""

    row: int
    place: int
    whys: list[RowWhy]


class FileChange(TypedDict):
    """A visit that a file changes or deletes: (heading, before, after) of each cell that differs."""

    row: int
    ref: str
    action: str
    was_deleted: bool
    differences: list[tuple[str, str, str]]


class StagedRef(NamedTuple):
    """A visit that a file stores or deletes, by the row that names it; the next page begins after ``row``."""

    row: int
    visit_ref: str
