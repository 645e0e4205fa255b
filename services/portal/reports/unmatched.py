"""Unmatched Visits: visits for which no care package line item was found, and why (RULES 5, 15)."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from libs.common.seams.matching.reports import UnmatchedVisit
from services.portal.reports import choices
from services.portal.reports.declared import (
    Asking,
    Column,
    Filter,
    Lines,
    Outside,
    Place,
    Report,
    Row,
    Values,
)
from services.portal.reports.ranges import check_weeks, weeks_until
from services.portal.web.words import REASONS, VISIT_TYPES

WEEKS_AT_FIRST = 4


class _Limits(TypedDict):
    """What the report is limited to besides its days."""

    organisation: str | None
    reason: str | None
    client: str | None
    service_name: str | None


def reasons(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return [(code, reason.why) for code, reason in REASONS.items()]


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """A page of visits without a match."""
    found = asking.matching.unmatched_for_report(
        **_limits(values),
        first=values["first"].isoformat(),
        last=values["last"].isoformat(),
        after=(place[0], place[1], place[2], place[3], place[4]) if place else None,
        limit=limit,
    )
    after = list(found[-1]["place"]) if len(found) == limit else None
    return Lines([line(visit) for visit in found], after)


def newest_weeks(asking: Asking, values: Values) -> Values:
    """Until somebody says `first` and `last`: the newest weeks that hold any of them, else those of the newest visits."""
    if values["first"] and values["last"]:
        return {}
    newest = asking.matching.unmatched_days(**_limits(values))["newest"]
    day = dt.date.fromisoformat(newest) if newest else choices.newest_day(asking, values)
    return weeks_until(day, WEEKS_AT_FIRST)


def outside(asking: Asking, values: Values) -> Outside | None:
    """Those that are planned before `first` or after `last`."""
    days = {"first": values["first"].isoformat(), "last": values["last"].isoformat()}
    found = asking.matching.unmatched_days(**_limits(values), **days)
    newest = found["newest_outside"]
    if newest is None:
        return None
    return Outside(found["outside"], weeks_until(dt.date.fromisoformat(newest), WEEKS_AT_FIRST))


def _limits(values: Values) -> _Limits:
    return {
        "organisation": values["organisation"],
        "reason": values["reason"],
        "client": values["client"],
        "service_name": values["service"],
    }


def line(visit: UnmatchedVisit) -> Row:
    """A line of the report."""
    return {
        **visit,
        "name": choices.name_of(visit),
        "planned": f"{visit['planned_entry']} to {visit['planned_exit']}",
        "type": VISIT_TYPES.get(visit["visit_type"], visit["visit_type"]),
        "why": REASONS[visit["reason"]].why,
        "what_to_do": REASONS[visit["reason"]].what_to_do,
    }


def _why(row: Row) -> str:
    return f"{row['why']}. {row['what_to_do']}"


REPORT = Report(
    slug="unmatched-visits",
    title="Unmatched Visits",
    words="List the visits that are not paid because no care package line item was found for them, with the reason.",
    filters=(
        Filter("reason", "Reason", "choice", "Any reason", reasons),
        choices.ORGANISATION,
        Filter("service", "Service", "choice", "All services", choices.services),
        choices.CLIENT,
        choices.FIRST,
        choices.LAST,
    ),
    columns=(
        Column("organisation", "Organisation", is_group=True),
        Column("reason", "Reason code", is_group=True),
        Column("why", "Reason", is_group=True),
        Column("visit_ref", "Visit"),
        Column("client", "SSRef"),
        Column("name", "Client", width=1.5),
        Column("planned_on", "Planned date", "day"),
        Column("planned", "Planned times"),
        Column("type", "Visit type", width=1.5),
        Column("service_level", "Service level", width=1.3),
        Column("service", "Service", width=2.2),
    ),
    lines=lines,
    place=(str, str, str, int, str),
    headings=(lambda row: row["organisation"], _why),
    check=check_weeks,
    defaults=newest_weeks,
    outside=outside,
    empty="None of the visits that were looked at is unmatched.",
)
