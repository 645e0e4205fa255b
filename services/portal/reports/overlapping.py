"""Overlapping Visits: one carer in two places at once ([000], RULES 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from libs.common.files.values import parse_date
from libs.common.seams.ingest.overlaps import Overlap, OverlappingVisit
from services.portal.reports import choices
from services.portal.reports.declared import Asking, Column, Filter, Lines, Place, Report, Row, Values
from services.portal.web import formats
from services.portal.web.cursors import NO_CURSOR

A_DAY, A_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
MOST_DAYS = 35
WITHIN, ACROSS = "Within one provider", "Across providers"


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """A part of the pairs, week by week: services look at one week at a time."""
    first: dt.date = _begun_at(place, values) if place else values["first"]
    after: list[Any] | None = (place[1] or None) if place else None
    rows: list[Row] = []
    while True:
        last = min(first + A_WEEK - A_DAY, values["last"])
        found = asking.ingest.overlapping_visits(
            organisation=values["organisation"],
            carer=values["carer"],
            where=values.get("where"),
            first=first.isoformat(),
            last=last.isoformat(),
            after=after,
            limit=limit,
        )
        rows += map(to_line, found)
        if len(found) == limit:
            return Lines(rows, [first.isoformat(), found[-1]["place"]])
        if last == values["last"]:
            return Lines(rows, None)
        first, after = last + A_DAY, None
        if len(rows) >= limit:
            return Lines(rows, [first.isoformat(), []])


def _begun_at(place: Place, values: Values) -> dt.date:
    """The day of a cursor; it is one of those asked for. Raises Refused ``bad_query``."""
    day = parse_date(place[0])
    if day is None or not values["first"] <= day <= values["last"]:
        raise NO_CURSOR
    return day


def to_line(pair: Overlap) -> Row:
    """A line of the report: two visits of one carer."""
    one, other = pair["visits"]
    return {
        "day": pair["day"],
        "carer": pair["carer"] or one["carer_ref"],
        "known_by": "Name" if pair["is_across"] else "CarerRef",
        "minutes": f"{pair['seconds'] // 60}",
        **_visit_cells("one", one, pair["day"]),
        **_visit_cells("other", other, pair["day"]),
    }


def _visit_cells(which: str, visit: OverlappingVisit, day: str) -> Row:
    times = f"{visit['entry']} to {visit['exit']}"
    return {
        f"{which}_organisation": visit["organisation"],
        f"{which}_carer": visit["carer_ref"],
        f"{which}_ref": visit["ref"],
        f"{which}_client": visit["client"],
        f"{which}_day": visit["day"],
        f"{which}_times": times if visit["day"] == day else f"{times}, {formats.day(visit['day'])}",
    }


def check(values: Values, is_council: bool) -> dict[str, str]:
    """What is wrong with the days."""
    first, last = values["first"], values["last"]
    if last < first:
        return {"last": "Date to must not be before date from"}
    days = (last - first).days + 1
    return {"last": f"Choose at most {MOST_DAYS} days: these are {days:,}"} if days > MOST_DAYS else {}


def wheres(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return [("within", WITHIN), ("across", ACROSS)]


def _columns(which: str, band: str) -> tuple[Column, ...]:
    return (
        Column(f"{which}_organisation", "Organisation", band=band, width=1.7),
        Column(f"{which}_carer", "CarerRef", band=band, is_group=True),
        Column(f"{which}_ref", "Visit", band=band),
        Column(f"{which}_client", "SSRef", band=band),
        Column(f"{which}_day", "Date", "day", band=band, is_group=True),
        Column(f"{which}_times", "Delivered", band=band, width=1.5),
    )


REPORT = Report(
    slug="overlapping-visits",
    title="Overlapping Visits",
    words="Find visits in which one carer was in two places at once, by the delivered times.",
    filters=(
        choices.ORGANISATION,
        Filter("carer", "Carer’s name or CarerRef"),
        Filter("where", "Where", "choice", "Everywhere", wheres, is_for_council=True),
        choices.FIRST,
        choices.LAST,
    ),
    columns=(
        Column("day", "Day", "day", is_group=True),
        Column("carer", "Carer", width=1.4),
        Column("known_by", "Known by", width=0.9),
        *_columns("one", "First visit"),
        *_columns("other", "Second visit"),
        Column("minutes", "Minutes", "count", width=0.8),
    ),
    lines=lines,
    place=(str, list),
    headings=(lambda row: formats.day(row["day"]),),
    check=check,
    defaults=choices.newest_weeks(1),
    notes=(
        "A carer is known by the CarerRef within a provider. Providers have references of their own, so across providers "
        "a carer is known by the name that both gave: make sure that it is one person.",
        "Often a carer forgot to log out of the first visit. Minutes are those in which both visits ran.",
    ),
    empty="No overlap was found.",
)
