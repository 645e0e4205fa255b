"""Visits: those of a week with their status and reason, and one with its history and what it pays (RULES 5, 6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.values import control_character
from libs.common.weeks import monday_of
from services.portal import access
from services.portal.access import signed_in
from services.portal.clients import client_names
from services.portal.cursors import cursor_of, place_of
from services.portal.people import names_of
from services.portal.views.asking import (
    READERS,
    ask,
    caller,
    gateway,
    organisation_chosen,
    organisations,
)
from services.portal.visits import Visits
from services.portal.words import ISSUES, REASONS, STATUS_TAGS, VISIT_TYPES

pages = Blueprint("visits", __name__, url_prefix="/visits")

VISITS_SHOWN = 200
STATUSES = ("New", "Matched", "Unmatched", "Missing Data")
A_WEEK = dt.timedelta(days=7)


@pages.get("")
@signed_in(*READERS)
def visits() -> ResponseReturnValue:
    organisation, client, status = organisation_chosen(), _asked("client"), _status()
    day, problem = _day()
    monday = monday_of(day or _newest_day(organisation))
    rows, place = Visits(gateway(), caller()).page(
        organisation=organisation,
        week=monday,
        client=client,
        status=status,
        place=place_of(request.args.get("cursor"), str, str),
        limit=VISITS_SHOWN,
    )
    for row in rows:
        row["client"] = client_of(row)
    names = client_names(gateway(), caller(), (row["client"] for row in rows))
    chosen = {"organisation": organisation, "client": client, "status": status}
    return render_template(
        "visits/visits.html",
        problem=problem,
        monday=monday,
        rows=rows,
        names=names,
        before=_link(monday - A_WEEK, chosen),
        after=_link(monday + A_WEEK, chosen),
        more=_link(monday, chosen | {"cursor": cursor_of(*place)}) if place else None,
        chosen=chosen,
        organisations=organisations(),
        statuses=STATUSES,
        words={"reasons": REASONS, "tags": STATUS_TAGS, "types": VISIT_TYPES},
    )


@pages.get("/<visit_ref:visit_ref>")
@signed_in(*READERS)
def one(visit_ref: str) -> ResponseReturnValue:
    if control_character(visit_ref):
        raise Refused("not_found", "No visit has a reference with a control character.")
    found = ask("ingest", "visit", visit_ref=visit_ref, organisation=organisation_chosen())
    visit = Visits(gateway(), caller()).shown(found)
    versions = [visit, *visit["versions"]]
    client = client_of(visit)
    return render_template(
        "visits/visit.html",
        visit=visit,
        client=client,
        name=client_names(gateway(), caller(), [client]).get(client),
        versions=versions,
        people=names_of(
            access.the_parts(), access.account(), (version["changed_by"] for version in versions)
        ),
        words={"reasons": REASONS, "tags": STATUS_TAGS, "types": VISIT_TYPES, "issues": ISSUES},
        back=_link(dt.date.fromisoformat(visit["week"]), {"organisation": organisation_chosen()}),
    )


def client_of(row: dict[str, Any]) -> str:
    """The identifier by which a visit names its client (RULES 5)."""
    cells = row["values"]
    return str(cells["SSRef"] or cells["ClientRef"] or cells["NHSNumber"])


def _link(monday: dt.date, chosen: dict[str, Any]) -> str:
    return url_for("visits.visits", week=monday.isoformat(), **chosen)


def _asked(name: str) -> str | None:
    return request.args.get(name, "").strip()[:50] or None


def _status() -> str | None:
    status = _asked("status")
    return status if status in STATUSES else None


def _day() -> tuple[dt.date | None, str | None]:
    """The day asked for, and what is wrong with it."""
    text = _asked("week")
    if text is None:
        return None, None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None, "Enter any day of the week as a date, such as 2022-10-03"
    return (day, None) if 1900 < day.year < 9000 else (None, "Enter a day between 1901 and 8999")


def _newest_day(organisation: str | None) -> dt.date:
    """Of the newest week that holds visits; today where there is none."""
    newest = ask("ingest", "newest_planned_day", organisation=organisation)
    return dt.date.fromisoformat(newest) if newest else access.the_parts().clock().date()
