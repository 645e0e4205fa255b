"""How a checked file will match: the rows that will not, each with what would mend it, and possible duplicates
(RULES 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from flask import url_for

from libs.common.seams.ingest.files import VisitsFile
from libs.common.seams.ingest.forecasts import DuplicateRow, UnmatchedRow
from services.portal.clients.ingest import IngestClient
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.csv_out import csv_part
from services.portal.web.words import REASONS

ROWS_SHOWN: Final = 50
PART: Final = 2_000
"""Rows of a CSV file that are asked for at once."""
HEADINGS: Final = (
    "Row",
    "VisitRef",
    "Client",
    "PlannedVisitDate",
    "Service",
    "ServiceLevel",
    "Reason",
    "WhatToDo",
    "AboutPounds",
)


class Mend(NamedTuple):
    """A link to the page that shows what would mend a row."""

    words: str
    address: str


@dataclass(frozen=True)
class Unmatched:
    """A page of the rows that will not match, each with its mend, and the link to the next."""

    rows: list[tuple[UnmatchedRow, Mend]] = field(default_factory=list)
    more: str | None = None


@dataclass(frozen=True)
class Duplicates:
    """A page of the rows that may be duplicates, and the link to the next."""

    rows: list[DuplicateRow] = field(default_factory=list)
    more: str | None = None


def list_unmatched(
    ingest: IngestClient,
    file: VisitsFile,
    *,
    organisation: str | None,
    reason: str | None,
    cursor: str | None,
) -> Unmatched:
    """A page of them, for one reason or for any. organisation: the name of whose file it is.

    Raises Refused ``bad_query``.
    """
    found = file["will_match"]
    if found is None or not found["unmatched"]:
        return Unmatched()
    place = place_of(cursor, int)
    rows = ingest.visits_file_unmatched(
        file_id=file["id"], reason=reason, after=place[0] if place else 0, limit=ROWS_SHOWN + 1
    )
    shown = [(row, mend_of(row, file["id"], organisation)) for row in rows[:ROWS_SHOWN]]
    more = None
    if len(rows) > ROWS_SHOWN:
        after = cursor_of(shown[-1][0]["row"])
        more = url_for(
            "visits_files.one", file_id=file["id"], reason=reason, unmatched=after, _anchor="unmatched"
        )
    return Unmatched(shown, more)


def mend_of(row: UnmatchedRow, file_id: str, organisation: str | None) -> Mend:
    """Where somebody looks for what would let a row match: the client it could be, or the client's care."""
    if row["reason"] == "no_package":
        address = url_for("reports.what_fits_nothing", organisation=organisation, file=file_id)
        return Mend("Find the client it could be", address)
    address = url_for("care.line_items", organisation=organisation, client=row["client"], historical="y")
    return Mend("See the client’s care", address)


def list_duplicates(ingest: IngestClient, file: VisitsFile, *, cursor: str | None) -> Duplicates:
    """A page of the rows that may be duplicates. Raises Refused ``bad_query``."""
    found = file["will_match"]
    if found is None or not found["duplicates"]:
        return Duplicates()
    place = place_of(cursor, int)
    after = place[0] if place else 0
    rows = ingest.visits_file_duplicates(file_id=file["id"], after=after, limit=ROWS_SHOWN + 1)
    more = None
    if len(rows) > ROWS_SHOWN:
        rows = rows[:ROWS_SHOWN]
        cursor = cursor_of(rows[-1]["row"])
        more = url_for("visits_files.one", file_id=file["id"], duplicates=cursor, _anchor="duplicates")
    return Duplicates(rows, more)


def unmatched_csv(ingest: IngestClient, file_id: str, reason: str | None) -> Iterator[str]:
    """All rows that will not match, as CSV, part by part."""
    yield csv_part([HEADINGS])
    after = 0
    while rows := ingest.visits_file_unmatched(file_id=file_id, reason=reason, after=after, limit=PART):
        yield csv_part(map(_cells, rows))
        after = rows[-1]["row"]


def _cells(row: UnmatchedRow) -> tuple[object, ...]:
    reason = REASONS[row["reason"]]
    return (
        row["row"],
        row["ref"],
        row["client"],
        row["planned_on"],
        row["service"],
        row["service_level"],
        reason.why,
        reason.what_to_do,
        row["amount"],
    )
