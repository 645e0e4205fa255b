"""Visits: those of a week with their status and reason, and one with its history and what it pays (RULES 5, 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import monday_of
from libs.common.errors import Refused
from libs.common.files.values import control_character
from libs.common.rights import names as rights
from libs.common.seams.disputes.disputes import DisputeOfVisit
from libs.common.seams.ingest.visits import Visit, VisitChoices, VisitVersion, VisitWithVersions
from libs.common.seams.matching.line_items import LineItem
from services.portal.clients.disputes import DisputesClient
from services.portal.operations.views import find_why_visit_is_apart
from services.portal.visits.differences import misfits
from services.portal.visits.forms import rare_cells
from services.portal.visits.history.views import list_changes
from services.portal.visits.listed import COLUMNS
from services.portal.visits.months import calendar_of, month_of
from services.portal.visits.views import ShownVisit, Visits, client_of
from services.portal.web import access, formats
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import a_day_of
from services.portal.web.calls import (
    gateway,
    ingest,
    is_council,
    matching,
    organisation_chosen,
    organisations_question,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.forms.dates import day_of_week_given
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.clients import client_names
from services.portal.web.names.people import names_of
from services.portal.web.names.picking import picks_client
from services.portal.web.paging import cursor_asked
from services.portal.web.words import ISSUES, REASONS, STATUS_TAGS, VISIT_TYPES

pages = Blueprint("visits", __name__, url_prefix="/visits")

VISITS_SHOWN = 50
LINE_ITEMS_SHOWN = 50
LOOK_AGAIN_SECONDS = 2
SETTLES_WITHIN = dt.timedelta(minutes=1)
STATUSES = ("New", "Matched", "Unmatched", "Missing Data")
FILTERS = ("service", "service_level", "client", "visit_type", "status")
A_WEEK = dt.timedelta(days=7)
LIST = Listing(
    "visit of this week",
    "visits of this week",
    method="visits",
    columns=COLUMNS
    | {
        "Status": "status",
        "Reason": lambda row, page: REASONS[row["reason"]].why if row["reason"] else "",
        "Line item": "cpli_id",
        "Pays": lambda row, page: row["pays"]["amount"] if row["pays"] else "",
    },
)
UNMATCHED = replace(LIST, method="unmatched_visits")
LOOKED_FOR = replace(LIST, method=None)
"""Of a status that is known by looking at each visit alone: nobody counts them."""

Row = dict[str, Any]


class ComparedLineItem(LineItem):
    """A line item, and what of it a visit does not fit."""

    misfits: set[str]


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_VISITS)
@picks_client
def visits() -> ResponseReturnValue:
    chosen = {"organisation": organisation_chosen(), **{name: _asked(name) for name in FILTERS}}
    day, problem = day_of_week_given(_asked("week") or "")
    monday = monday_of(day or _newest_day(chosen["organisation"]))
    month, whose, client = month_of(monday), chosen["organisation"], ingest()
    mondays = [one.isoformat() for one in month.mondays]
    lists, held, providers = gateway().all_three(
        lambda: client.visit_choices(organisation=whose, week=monday.isoformat()),
        lambda: client.weeks_with_visits(organisation=whose, mondays=mondays),
        organisations_question(),
    )
    _drop_unknown(chosen, lists)
    rows, place = Visits(gateway(), caller()).list_page(
        week=monday, place=place_of(cursor_asked(), str, str), limit=rows_wanted(VISITS_SHOWN), **chosen
    )
    names = client_names(gateway(), caller(), (row["client"] for row in rows))
    return render_list(
        {None: LIST, "Unmatched": UNMATCHED}.get(chosen["status"], LOOKED_FOR),
        "visits/visits.html",
        problem=problem,
        monday=monday,
        rows=rows,
        names=names,
        calendar=calendar_of(month, lambda one: _link(one, chosen), dict.fromkeys(held, "Visits")),
        before=_link(monday - A_WEEK, chosen),
        after=_link(monday + A_WEEK, chosen),
        more=_link(monday, chosen | {"cursor": cursor_of(*place)}) if place else None,
        chosen=chosen,
        organisations=providers,
        lists=lists,
        statuses=STATUSES,
        may_change=may_change(),
        elsewhere=None if rows or place else _elsewhere(monday, chosen, held),
        may_dispute=may_dispute(),
        words={"reasons": REASONS, "tags": STATUS_TAGS, "types": VISIT_TYPES},
    )


@pages.get("/<visit_ref:visit_ref>")
@signed_in(rights.READ_VISITS)
def one(visit_ref: str) -> ResponseReturnValue:
    visit = Visits(gateway(), caller()).show(require_visit(visit_ref))
    client = visit["client"]
    versions: list[Visit | VisitVersion] = [visit, *visit["versions"]]
    page = render_template(
        "visits/visit.html",
        visit=visit,
        client=client,
        name=client_names(gateway(), caller(), [client]).get(client),
        versions=list(zip(versions, list_changes([one["values"] for one in versions]), strict=True)),
        rare=rare_cells(visit["values"]),
        line_items=_line_items(visit) if visit["status"] == "Unmatched" else None,
        people=names_of(
            access.the_parts(),
            access.account(),
            [visit["changed_by"], *(version["changed_by"] for version in visit["versions"])],
        ),
        words={"reasons": REASONS, "tags": STATUS_TAGS, "types": VISIT_TYPES, "issues": ISSUES},
        may_change=may_change(),
        may_dispute=may_dispute(),
        disputes=_disputes(visit),
        apart=find_why_visit_is_apart(
            gateway(),
            caller(),
            key=f"{visit['organisation_id']}/{visit['ref']}",
            cpli_id=visit["cpli_id"],
            week=visit["week"],
        ),
        named=visit["organisation"] if is_council() else None,
        back=_link(dt.date.fromisoformat(visit["week"]), {"organisation": organisation_chosen()}),
    )
    return Response(page, headers={"Refresh": str(LOOK_AGAIN_SECONDS)} if _is_settling(visit) else None)


def require_visit(visit_ref: str) -> VisitWithVersions:
    """The visit of an address, with its versions. Raises Refused ``not_found`` and ``organisation_wanted``."""
    if control_character(visit_ref):
        raise Refused("not_found", "No visit has a reference with a control character.")
    return ingest().visit(visit_ref=visit_ref, organisation=organisation_chosen())


def link_to(visit: Visit, is_named: bool) -> str:
    """The page of a visit; to the council it says whose."""
    whose = visit["organisation"] if is_named else None
    return url_for("visits.one", visit_ref=visit["ref"], organisation=whose)


def may_change() -> bool:
    """Whether who is signed in may add, correct and delete visits."""
    return access.may(rights.SEND_VISITS)


def may_dispute() -> bool:
    """Whether who is signed in may raise disputes."""
    return access.may(rights.SETTLE_CASEWORK)


def _disputes(visit: Visit) -> list[DisputeOfVisit]:
    """The open disputes about the visit; it is shown all the same while the service is away."""
    refs = [(visit["organisation_id"], visit["ref"])]
    client = DisputesClient(gateway(), caller(), is_quick=True)
    found = gateway().answers_by_now({"open": lambda: client.disputes_of_visits(refs=refs)})
    return found.get("open", [])


def _line_items(visit: Visit) -> list[ComparedLineItem]:
    """The client's line items with the provider, and in what the visit differs from each."""
    items = matching().line_items(
        organisation=visit["organisation"] if is_council() else None,
        clients=[client_of(visit)],
        limit=LINE_ITEMS_SHOWN,
    )
    return [{**item, "misfits": misfits(visit, item)} for item in items]


def _is_settling(visit: ShownVisit) -> bool:
    """Whether it was changed just now, and matching and payment are about to follow."""
    since = access.the_parts().clock() - dt.datetime.fromisoformat(visit["changed_at"])
    is_waiting = visit["status"] == "New" or (visit["status"] == "Matched" and visit["pays"] is None)
    return is_waiting and since < SETTLES_WITHIN


def _elsewhere(monday: dt.date, chosen: Mapping[str, str | None], held: Sequence[str]) -> Row | None:
    """Where there are visits when a page has none: in the same week without its filters, else in the newest that does."""
    whose = {"organisation": chosen["organisation"]}
    if monday.isoformat() in held:
        return {"words": "Look at all visits of this week", "link": _link(monday, whose)}
    newest = ingest().newest_planned_day(organisation=chosen["organisation"])
    if newest is None:
        return None
    week = monday_of(dt.date.fromisoformat(newest))
    if week == monday:
        return None
    return {"words": f"Look at the newest that holds any, {formats.week(week)}", "link": _link(week, whose)}


def _link(monday: dt.date, chosen: Mapping[str, Any]) -> str:
    return url_for("visits.visits", week=a_day_of(monday), **chosen)


def _asked(name: str) -> str | None:
    return request.args.get(name, "").strip()[:112] or None


def _drop_unknown(chosen: dict[str, str | None], lists: VisitChoices) -> None:
    """What the page has no choice for limits nothing, such as the service of another provider."""
    offered: dict[str, Sequence[str]] = {
        "service": lists["services"],
        "service_level": lists["service_levels"],
        "visit_type": [one["ref"] for one in lists["visit_types"]],
        "status": STATUSES,
    }
    for name, values in offered.items():
        if chosen[name] not in values:
            chosen[name] = None


def _newest_day(organisation: str | None) -> dt.date:
    """Of the newest week up to this one that holds visits; today where there is none."""
    newest = ingest().newest_planned_day(organisation=organisation)
    return dt.date.fromisoformat(newest) if newest else access.the_parts().clock().date()
