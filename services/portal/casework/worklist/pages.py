"""The worklist: what a week's data makes doubtful, to be raised as disputes or dismissed, singly or many at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.care.weeks import DAYS_IN_A_WEEK
from libs.common.casework.doubts import KINDS, MOST_AT_ONCE, PROPOSED
from libs.common.rights import names as rights
from libs.common.seams.disputes.doubts import Doubt, DoubtGroup, DoubtWeek
from services.portal.casework.worklist import views
from services.portal.casework.worklist.filters import Filters, chosen_filters, list_link
from services.portal.casework.worklist.weeks import monday_asked
from services.portal.casework.worklist.words import KINDS as KINDS_IN_WORDS
from services.portal.casework.worklist.words import STATES, TICK_SOME
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import a_day_of
from services.portal.web.calls import disputes, gateway, organisations
from services.portal.web.cursors import place_of
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted, taking_now
from services.portal.web.names.organisations import id_of, names_by_id
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked, cut_page

pages = Blueprint("worklist", __name__, url_prefix="/worklist")

SHOWN = 50
GROUPS = Listing("group of doubts", "groups of doubts", {}, rows="groups", method="doubt_groups")
DOUBTS = Listing(
    "doubt",
    "doubts",
    method="doubts",
    columns={
        "Week from": "monday",
        "Provider": "organisation",
        "Client": "client_reference",
        "Client name": "client",
        "Kind": lambda row, page: KINDS_IN_WORDS[row["kind"]],
        "Reason": "reason",
        "Line item": "cpli_id",
        "Visits": lambda row, page: " ".join(row["visits"]),
        "From": "first_on",
        "To": "last_on",
        "What the data says": lambda row, page: "; ".join(row["seen_by"]),
        "State": lambda row, page: STATES[row["state"]],
        "Settled by": name_from("people", "settled_by"),
        "Settled": "settled_at",
        "Why": "settled_why",
    },
)
"""A file has doubts singly, where its page has put together what is proposed."""
LOOK_AGAIN_SECONDS = 2
LOOKS_WITHIN = dt.timedelta(minutes=1)
A_WEEK = dt.timedelta(days=DAYS_IN_A_WEEK)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_WORKLIST)
def doubts() -> ResponseReturnValue:
    weeks = disputes().doubt_weeks()
    monday, problem = monday_asked()
    chosen = chosen_filters()
    of_all = chosen._replace(group=None)
    names = organisations()
    whose = id_of(gateway(), caller(), chosen.organisation)
    found = disputes().doubt_week(monday=monday, organisation_id=whose, kind=chosen.kind)
    by_id = names_by_id(gateway(), (one for one, _ in found["organisations"]))
    lists = _lists(monday, chosen, whose)
    page = render_list(
        GROUPS if "groups" in lists else DOUBTS,
        "worklist/worklist.html",
        problem=problem or (TICK_SOME if "none" in request.args else None),
        is_date_wrong=bool(problem),
        monday=monday,
        is_over=monday + A_WEEK <= london_day(access.the_parts().clock()),
        before=list_link(monday - A_WEEK, of_all),
        after=list_link(monday + A_WEEK, of_all),
        weeks=[{**week, "link": list_link(dt.date.fromisoformat(week["monday"]), of_all)} for week in weeks],
        week=found,
        providers=[(by_id.get(one, one), number) for one, number in found["organisations"]],
        chosen=chosen._asdict(),
        is_ticked="all" in request.args,
        is_looking=_is_looking(found),
        organisations=names,
        kinds=KINDS_IN_WORDS,
        choices=KINDS,
        states=STATES,
        counted_states={
            name: f"{words} ({found['states'].get(name, 0):,})" for name, words in STATES.items()
        },
        **_links_of_list(monday, chosen),
        **lists,
    )
    return Response(page, headers={"Refresh": str(LOOK_AGAIN_SECONDS)} if _is_looking(found) else None)


@pages.post("/look")
@signed_in(rights.SETTLE_CASEWORK)
def look() -> ResponseReturnValue:
    monday, _ = monday_asked()
    disputes().look_at_week(monday=monday)
    asked_at = access.the_parts().clock().isoformat()
    return redirect(url_for("worklist.doubts", week=a_day_of(monday), looking=asked_at), 303)


def _links_of_list(monday: dt.date, chosen: Filters) -> dict[str, Any]:
    """Where the list leads: to the same one ticked, to a group's doubts singly, and back from there."""
    return {
        "tick_all": list_link(monday, chosen, all="y", cursor=cursor_asked()),
        "open_group": lambda group_id: list_link(monday, chosen._replace(group=group_id)),
        "ungrouped": list_link(monday, chosen._replace(group=None)),
    }


def _lists(monday: dt.date, chosen: Filters, organisation_id: str | None) -> dict[str, Any]:
    """What is proposed, put together; doubts singly where they are settled, or of one group."""
    if chosen.state is None and chosen.group is None and taking_now() is None:
        groups, more = _page_of_groups(monday, chosen, organisation_id)
        return {"groups": views.show_groups(groups), "more": more}
    rows, more = _page(monday, chosen, organisation_id)
    shown = views.show_doubts(rows)
    return {
        "rows": shown,
        "counts": views.count_together(shown),
        "people": names_of(access.the_parts(), access.account(), (row["settled_by"] for row in rows)),
        "more": more,
    }


def _page_of_groups(
    monday: dt.date, chosen: Filters, organisation_id: str | None
) -> tuple[list[DoubtGroup], str | None]:
    """A page of what is proposed, put together, and the link to the next."""
    found = disputes().doubt_groups(
        week=monday,
        states=[PROPOSED],
        organisation_id=organisation_id,
        kind=chosen.kind,
        after=place_of(cursor_asked(), int, str, str, str),
        limit=SHOWN + 1,
    )
    page = cut_page(found, SHOWN, lambda group: tuple(group["place"]))
    return page.rows, list_link(monday, chosen, cursor=page.cursor) if page.cursor else None


def _page(monday: dt.date, chosen: Filters, organisation_id: str | None) -> tuple[list[Doubt], str | None]:
    """A page of doubts, and the link to the next."""
    place, shown = place_of(cursor_asked(), str), MOST_AT_ONCE if chosen.group else rows_wanted(SHOWN)
    found = disputes().doubts(
        week=monday,
        states=[chosen.state or PROPOSED],
        organisation_id=organisation_id,
        kind=chosen.kind,
        group_ids=[chosen.group] if chosen.group else None,
        after=place[0] if place else None,
        limit=shown + 1,
    )
    page = cut_page(found, shown, lambda row: (row["doubt_id"],))
    return page.rows, list_link(monday, chosen, cursor=page.cursor) if page.cursor else None


def _is_looking(found: DoubtWeek) -> bool:
    """Whether the look that was asked for is not over yet."""
    try:
        asked_at = dt.datetime.fromisoformat(request.args.get("looking", ""))
        is_recent = access.the_parts().clock() - asked_at < LOOKS_WITHIN
    except (ValueError, TypeError):
        return False
    last = dt.datetime.fromisoformat(found["looked_at"]) if found["looked_at"] else None
    return is_recent and (last is None or last < asked_at)
