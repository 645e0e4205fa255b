"""What Fits Nothing: what a provider's rows name that nobody knows, with the nearest that exists; and those rows
([000], RULES 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for

from libs.common.errors import Refused
from libs.common.seams.ingest.cleansing import NamingRow
from services.portal.monitoring.cleansing.views import KINDS, Misfit, RowsAsked, list_misfits
from services.portal.reports import choices
from services.portal.reports.declared import (
    About,
    Asking,
    Column,
    Filter,
    Lines,
    Place,
    Report,
    Row,
    Values,
)
from services.portal.reports.ranges import check_days
from services.portal.reports.rendering.links import to_visit
from services.portal.web import formats

FILES_OFFERED = 100
WEEKS_AT_FIRST = 4
STATES = {"stored": "Stored", "to confirm": "To be confirmed", "rejected": "Rejected"}
ELSEWHERE = "A client who has care with another provider"


def files(asking: Asking, values: Values) -> list[tuple[str, str]]:
    """The newest files, of the provider that is chosen."""
    found = asking.ask_once(
        asking.ingest.visits_files, organisation=values["organisation"], limit=FILES_OFFERED
    )
    return [(one["id"], f"{one['file_name']}, {formats.moment(one['uploaded_at'])}") for one in found]


def kinds(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return list(KINDS.items())


FILE = Filter("file", "File", "choice", "All files", files)


def newest_weeks(asking: Asking, values: Values) -> Values:
    """The newest weeks for which visits are planned; a file has all of its days."""
    return {} if values["file"] else choices.newest_weeks(WEEKS_AT_FIRST)(asking, values)


def check(values: Values, is_council: bool) -> dict[str, str]:
    """What is wrong with the days."""
    return {} if values["file"] else check_days(values, is_council)


def asked_of(values: Values, organisation: str | None) -> RowsAsked:
    """The rows that are looked at."""
    days: tuple[dt.date | None, dt.date | None] = (values["first"], values["last"])
    first, last = (None if values["file"] or day is None else day.isoformat() for day in days)
    return {"organisation": organisation, "file_id": values["file"], "first": first, "last": last}


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """A part: one provider after the other, each as a whole."""
    names: list[str | None] = [values["organisation"]]
    if asking.is_council and not values["organisation"] and not values["file"]:
        everybody = sorted(asking.ask_once(asking.matching.organisations))
        names = [name for name in everybody if place is None or name > place[0]]
    rows: list[Row] = []
    for number, name in enumerate(names, 1):
        rows += _lines_of(asking, values, name)
        if len(rows) >= limit and number < len(names):
            return Lines(rows, [name])
    return Lines(rows, None)


def _lines_of(asking: Asking, values: Values, name: str | None) -> list[Row]:
    """Those of one provider; one that care names, and that ingest has not heard of yet, has none."""
    asked = asked_of(values, name)
    try:
        found = list_misfits(asking.ingest, asking.matching, asked)
    except Refused as refused:
        if refused.code == "not_found" and name is not None and name != values["organisation"]:
            return []
        raise
    return [line(one, found.organisation, asked, values) for one in found.misfits]


def line(one: Misfit, organisation: str, asked: RowsAsked, values: Values) -> Row:
    """A line of the report."""
    return {
        "organisation": organisation,
        "kind": one["kind"],
        "kind_in_words": KINDS[one["kind"]],
        "written": one["written"],
        "visits": one["visits"],
        "nearest": "; ".join(near["reference"] for near in one["nearest"]),
        "name": "; ".join(filter(None, (near["name"] for near in one["nearest"]))),
        "note": ELSEWHERE if one["is_elsewhere"] else "",
        "rows_asked": asked,
    }


def _to_rows(row: Row) -> str:
    """The rows that name it."""
    asked: RowsAsked = row["rows_asked"]
    return url_for(
        "reports.rows_that_fit_nothing",
        organisation=row["organisation"],
        kind=row["kind"],
        written=row["written"],
        file=asked["file_id"],
        first=asked["first"],
        last=asked["last"],
    )


def lines_of_rows(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """The rows that name something: all that are shown are one part."""
    if not _is_asked(values):
        return Lines([], None)
    found = _naming(asking, values)
    return Lines([line_of_row(one, asking.is_council) for one in found["rows"]], None)


def line_of_row(one: NamingRow, is_council: bool) -> Row:
    """A line for a row of a file, or for the visit that it became."""
    return {
        **one,
        "state_in_words": STATES[one["state"]],
        "planned": one["planned"],
        "is_council": is_council,
    }


def _naming(asking: Asking, values: Values) -> Any:
    rows = asked_of(values, values["organisation"])
    return asking.ask_once(asking.ingest.naming_rows, **rows, kind=values["kind"], written=values["written"])


def _visit(row: Row) -> str | None:
    """The page of a visit that is stored."""
    return to_visit("visit_ref", "organisation")(row) if row["state"] == "stored" else None


def _file(row: Row) -> str | None:
    return url_for("visits_files.one", file_id=row["file_id"]) if row["file_id"] else None


def check_rows(values: Values, is_council: bool) -> dict[str, str]:
    """What is wrong with what was asked; before it is said what the rows name, there are none."""
    if _is_asked(values) and is_council and not values["organisation"] and not values["file"]:
        return {"organisation": "Choose a provider or a file"}
    return check(values, is_council)


def _is_asked(values: Values) -> bool:
    return bool(values["kind"] and values["written"])


def about_rows(asking: Asking, values: Values) -> About:
    """Whether there are more than are shown."""
    if not _is_asked(values):
        return About(warning="Choose what the rows name, and enter it as it is written.")
    if _naming(asking, values)["is_complete"]:
        return About()
    return About(warning="There are more rows than are shown: choose fewer days or a file.")


REPORT = Report(
    slug="what-fits-nothing",
    title="What Fits Nothing",
    words="Before visits count, find the SSRefs, service levels, services and carers in files that nobody knows, with the "
    "nearest that exists.",
    filters=(choices.ORGANISATION, FILE, choices.FIRST, choices.LAST),
    columns=(
        Column("organisation", "Organisation", is_group=True),
        Column("kind_in_words", "What", is_group=True),
        Column("written", "Written", width=1.6, link=_to_rows),
        Column("visits", "Visits", "count", width=0.7),
        Column("nearest", "Nearest that exists", width=1.8, nothing="None"),
        Column("name", "Client", width=1.4),
        Column("note", "Note", width=1.8),
    ),
    lines=lines,
    place=(str,),
    headings=(lambda row: row["organisation"], lambda row: row["kind_in_words"]),
    check=check,
    defaults=newest_weeks,
    notes=(
        "Looked at are visits that are stored, rows of checked files that are still to be confirmed, and rejected rows "
        "whose visit was not stored since: of these what they were rejected for, and their clients. A file that is chosen "
        "has all of its rows looked at, whatever their dates.",
        "The nearest reference differs by one or two slips (a character too many, too few or another, two in the wrong "
        "order), and is one of this provider’s own clients or carers.",
    ),
    empty="All that these rows name is known.",
)

ROWS = Report(
    slug="rows-that-fit-nothing",
    title="Rows That Fit Nothing",
    words="See the rows that name what nobody knows, and the visits that they became.",
    filters=(
        choices.ORGANISATION,
        Filter("kind", "What the rows name", "choice", "Choose", kinds),
        Filter("written", "As it is written"),
        FILE,
        choices.FIRST,
        choices.LAST,
    ),
    columns=(
        Column("visit_ref", "Visit", link=_visit, width=1.4),
        Column("planned", "Planned"),
        Column("state_in_words", "Row is"),
        Column("file_name", "File", link=_file, width=1.6),
        Column("row", "Row", "count", width=0.6),
        Column("why", "Why it was rejected", width=2.6),
    ),
    lines=lines_of_rows,
    place=(str,),
    check=check_rows,
    defaults=newest_weeks,
    about=about_rows,
    empty="No row names this.",
)
