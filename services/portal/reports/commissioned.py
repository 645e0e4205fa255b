"""Commissioned v Actuals: what a care package line item says against what was given, week by week ([003])."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.matching.reports import PackageOfClient
from libs.common.seams.payments.reports import CommissionedWeek
from services.portal.reports import choices
from services.portal.reports.declared import Asking, Column, Filter, Lines, Place, Report, Row, Values
from services.portal.reports.ranges import check_weeks, weeks_between
from services.portal.reports.rendering.chart import WeeklyHours, weekly_hours
from services.portal.web import formats

WEEKS_AT_FIRST = 4
MOST_PACKAGES = 1000
MOST_CALLS = 4
MORE_AT_A_TIME = 4
FULL_ENOUGH = 0.75
NOT_GENERATED = "N"
"""Gen. of [003]: an actual that visits made was not generated from the plan."""


def packages(asking: Asking, values: Values, after: int, limit: int) -> list[PackageOfClient]:
    """Care package line items in the order of the report, after one of them."""
    return asking.matching.packages_by_client(
        organisation=values["organisation"],
        client=values["client"],
        group_class=values["group_class"],
        payment_method=values["payment_method"],
        first=values["first"].isoformat(),
        last=values["last"].isoformat(),
        after=after,
        limit=limit,
    )


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """About so many weeks, package by package.

    Few packages may have any: then more of them are asked for at a time, and at last it ends with fewer and goes on.
    """
    after: int = place[0] if place else -1
    a_call = max(1, min(MOST_PACKAGES, limit // weeks_between(values["first"], values["last"])))
    rows: list[Row] = []
    for _ in range(MOST_CALLS):
        found = packages(asking, values, after, a_call)
        rows += compared(asking, values, found)
        if whole := begun_within(rows, limit):
            return Lines(whole, [whole[-1]["cpli_id"]])
        if len(found) < a_call:
            return Lines(rows, None)
        after = found[-1]["cpli_id"]
        if len(rows) >= limit * FULL_ENOUGH:
            break
        a_call = min(MOST_PACKAGES, a_call * MORE_AT_A_TIME)
    return Lines(rows, [after])


def begun_within(rows: list[Row], limit: int) -> list[Row] | None:
    """The lines of the packages that begin among the first so many lines; None when these are all."""
    begun = {row["cpli_id"] for row in rows[:limit]}
    end = next((number for number, row in enumerate(rows) if row["cpli_id"] not in begun), None)
    return None if end is None else rows[:end]


def compared(asking: Asking, values: Values, found: list[PackageOfClient]) -> list[Row]:
    """The weeks of these packages, each with its package's own facts."""
    if not found:
        return []
    by_id = {package["cpli_id"]: number for number, package in enumerate(found)}
    weeks = asking.payments.commissioned_actuals(
        cpli_ids=list(by_id), differences_only=values["differences"], **_weeks(values)
    )
    weeks.sort(key=lambda week: (by_id[week["cpli_id"]], week["monday"]))
    return [line(found[by_id[week["cpli_id"]]], week) for week in weeks]


def line(package: PackageOfClient, week: CommissionedWeek) -> Row:
    """A line of the report: an actual week of a package."""
    bands = {"quantity": week["quantity"], "cost": week["cost"]}
    figures = {f"{band}_{name}": value for band, of_band in bands.items() for name, value in of_band.items()}
    return {
        **package,
        "name": choices.name_of(package),
        "week": week["monday"],
        "generated": NOT_GENERATED if week["visits"] else "",
        "visits": week["visits"],
        **figures,
    }


def chart(asking: Asking, values: Values) -> WeeklyHours | None:
    """Hours of all the weeks of the report, whatever page is shown; None when its packages are too many to name."""
    cpli_ids = None
    if any(values[name] for name in ("client", "group_class", "payment_method", "empty")):
        found = packages(asking, values, -1, MOST_PACKAGES)
        if len(found) == MOST_PACKAGES:
            return None
        cpli_ids = [package["cpli_id"] for package in found]
    return weekly_hours(
        asking.payments.weekly_hours(organisation=values["organisation"], cpli_ids=cpli_ids, **_weeks(values))
    )


class _Weeks(TypedDict):
    first: str
    last: str
    with_empty: bool


def _weeks(values: Values) -> _Weeks:
    return {
        "first": values["first"].isoformat(),
        "last": values["last"].isoformat(),
        "with_empty": values["empty"],
    }


REPORT = Report(
    slug="commissioned-actuals",
    title="Commissioned v Actuals",
    words="Compare the hours and the cost that were commissioned with what was given, week by week.",
    filters=(
        Filter(
            "group_class",
            "Service group class",
            "choice",
            "All service group classes",
            choices.group_classes,
        ),
        choices.ORGANISATION,
        choices.PAYMENT_METHOD,
        choices.CLIENT,
        choices.FIRST,
        choices.LAST,
        Filter("differences", "Differences only", "tick"),
        Filter("empty", "Include weeks without actuals", "tick"),
    ),
    columns=(
        Column("organisation", "Organisation", is_group=True),
        Column("service_level", "Service level", is_group=True),
        Column("service", "Service", is_group=True),
        Column("name", "Client", is_group=True),
        Column("client", "SSRef", is_group=True),
        Column("cpli_id", "CPLI", is_group=True),
        Column("start_on", "Service start", "day", is_group=True),
        Column("week", "Actual week", "day", width=1.2),
        Column("generated", "Gen.", width=0.6),
        Column("visits", "Visits", "count", width=0.7),
        Column("cost_centre", "Cost centre", width=2.6),
        Column("subjective", "Subjective", width=1.8),
        *(
            Column(f"{name}_{part}", heading, kind, band)
            for name, band, kind in (("quantity", "Quantity", "hours"), ("cost", "Cost", "money"))
            for part, heading in (
                ("commissioned", "Comm."),
                ("actual", "Actual"),
                ("frustrated", "Frust."),
                ("difference", "Diff."),
            )
        ),
    ),
    lines=lines,
    place=(int,),
    headings=(
        lambda row: row["organisation"],
        lambda row: row["service_level"],
        lambda row: (
            f"{choices.known_as(row)}, {row['service']}, service start {formats.day(row['start_on'])}, "
            f"CPLI {row['cpli_id']}"
        ),
    ),
    check=check_weeks,
    defaults=choices.newest_weeks(WEEKS_AT_FIRST),
    chart=chart,
    notes=(
        "Quantities are hours. A difference in hours is actual and frustrated less commissioned; in cost it is "
        "commissioned less actual and frustrated.",
        "In a week in which a care package line item starts, ends, changes or is suspended, commissioned is each day’s "
        "part of that day’s weekly quantity, at that day’s rate: by the timetable, or a seventh for each day without one.",
    ),
    empty="There are no such weeks. Choose other dates, or include weeks without actuals.",
)
