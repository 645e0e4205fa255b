"""More Carers than Planned: one client with more carers at once than the plan wants (RULES 16)."""

from __future__ import annotations

from libs.common.seams.matching.monitoring.overlaps import Crowd
from services.portal.reports import choices
from services.portal.reports.declared import Asking, Column, Lines, Place, Report, Row, Values
from services.portal.reports.ranges import check_days
from services.portal.reports.rendering.links import to_visit
from services.portal.web import formats


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """A part of them, a line for each visit; a client's moment is never cut in two."""
    rows: list[Row] = []
    after = place
    while True:
        page = asking.matching.more_carers(
            organisation=values["organisation"],
            client=values["client"],
            first=values["first"].isoformat(),
            last=values["last"].isoformat(),
            after=after,
            limit=max(1, limit // 2),
        )
        rows += [line for crowd in page["crowds"] for line in lines_of(crowd, asking.is_council)]
        after = list(page["after"]) if page["after"] else None
        if after is None or len(rows) >= limit:
            return Lines(rows, after)


def lines_of(crowd: Crowd, is_council: bool) -> list[Row]:
    """A line for each visit of a client's moment."""
    return [
        {
            "organisation": crowd["organisation"],
            "client": crowd["client"],
            "day": crowd["day"],
            "at": crowd["at"],
            "carers": crowd["carers"],
            "wanted": crowd["wanted"],
            "visit_ref": visit["ref"],
            "planned": f"{visit['entry']} to {visit['exit']}",
            "carer_ref": visit["carer_ref"],
            "is_council": is_council,
        }
        for visit in crowd["visits"]
    ]


def _moment(row: Row) -> str:
    wanted = "1 carer" if row["wanted"] == 1 else f"{row['wanted']} carers"
    return (
        f"{row['client']}, {formats.day(row['day'])} at {row['at']}: {row['carers']} carers at once, the plan wants"
        f" {wanted}"
    )


REPORT = Report(
    slug="more-carers",
    title="More Carers than Planned",
    words="Find clients who had more carers at once than their plan wants, by the planned times of delivered visits.",
    filters=(choices.ORGANISATION, choices.CLIENT, choices.FIRST, choices.LAST),
    columns=(
        Column("organisation", "Organisation", is_group=True),
        Column("client", "SSRef", is_group=True),
        Column("day", "Day", "day", is_group=True),
        Column("at", "At", is_group=True),
        Column("carers", "Carers", "count", is_group=True),
        Column("wanted", "Carers wanted", "count", is_group=True),
        Column("visit_ref", "Visit", link=to_visit("visit_ref", "organisation"), width=1.5),
        Column("planned", "Planned"),
        Column("carer_ref", "CarerRef"),
    ),
    lines=lines,
    place=(str, str, str, int),
    headings=(lambda row: row["organisation"], _moment),
    check=check_days,
    defaults=choices.newest_weeks(1),
    notes=(
        "The plan wants as many carers as its timetable has at that moment: two where the hours of the week are twice "
        "those of its slots. Where a package has no timetable nobody can tell, and nothing is listed.",
        "These are the same as the worklist’s doubts about more carers.",
    ),
    empty="No client had more carers at once than planned.",
)
