"""What made a measure: its visits, slots or line items (RULES 16)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from services.portal.monitoring.asking import days_asked, present_words
from services.portal.monitoring.words import BY_KEY, ONE_DIARY_WORDS, RESTS
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, is_council, matching, organisation_chosen
from services.portal.web.formats import SECONDS_IN_A_DAY, clock
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.clients import client_names
from services.portal.web.paging import cursor_asked
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("measured_visits", __name__, url_prefix="/measures/visits")

LIST = Listing(
    "row",
    "rows",
    columns={
        "Day": lambda row, page: row.get("day", ""),
        "Client": "client",
        "Client name": name_from("names", "client"),
        "Line item": "cpli_id",
        "Visits": lambda row, page: row.get("visit_ref") or _listed(row.get("visits", "")),
        "Visit type": lambda row, page: VISIT_TYPES.get(row.get("visit_type", ""), row.get("visit_type", "")),
        "Planned entry": lambda row, page: _time(row.get("planned_entry", row.get("entry"))),
        "Planned exit": lambda row, page: _time(row.get("planned_exit", row.get("exit"))),
        "Began": lambda row, page: _time(row.get("delivered_entry")),
        "Seconds late": lambda row, page: row.get("late_seconds"),
        "Seconds delivered": lambda row, page: row.get("delivered_seconds"),
        "Carer": lambda row, page: row.get("carer_ref", ""),
        "Visits wanted": lambda row, page: row.get("wanted", ""),
        "Missed": lambda row, page: row.get("missed", ""),
        "Kept": lambda row, page: {True: "Yes", False: "No"}.get(row.get("is_kept"), ""),  # type: ignore[call-overload]
        "Hours": lambda row, page: row.get("hours", ""),
    },
)
"""Visits, slots or line items: what a measure is made of; the columns that a kind has not stay empty."""


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_MEASURES)
def visits() -> ResponseReturnValue:
    """A page of them; the council names the provider."""
    whose, client = organisation_chosen(), matching()
    if is_council() and whose is None:
        return redirect(url_for("measures.measures"))
    first, last = days_asked()
    key = request.args.get("measure", "")
    key = key if key in BY_KEY else "late"
    is_rest = key in RESTS and request.args.get("rest") == "y"
    after = parse_date(cursor_asked() or "")
    page, words = gateway().both(
        lambda: client.measured_visits(
            organisation=whose,
            first=first.isoformat(),
            last=last.isoformat(),
            measure=key,
            is_rest=is_rest,
            after=after.isoformat() if after else None,
        ),
        present_words(client),
    )
    rows = [*page["visits"], *page["missed"], *page["critical"], *page["commissioned"]]
    query: dict[str, Any] = {
        "organisation": whose,
        "measure": key,
        "from": first.isoformat(),
        "to": last.isoformat(),
    }
    rest: dict[str, Any] = {"rest": "y"} if is_rest else {}
    other: dict[str, Any] = {} if is_rest else {"rest": "y"}
    return render_list(
        LIST,
        "monitoring/visits.html",
        rows=rows,
        page=page,
        measure=next(one for one in words if one.key == key),
        first=first,
        last=last,
        is_rest=is_rest,
        rests=RESTS.get(key),
        organisation=whose,
        names=client_names(gateway(), caller(), (row["client"] for row in rows)),
        types=VISIT_TYPES,
        one_diary=ONE_DIARY_WORDS,
        other=url_for("measured_visits.visits", **query, **other),
        beginning=url_for("measured_visits.visits", **query, **rest) if after else None,
        more=url_for("measured_visits.visits", **query, **rest, cursor=page["after"])
        if page["after"]
        else None,
        all_of_it=url_for("measures.provider", organisation=whose, span="quarter", day=last.isoformat()),
    )


def _time(seconds: int | None) -> str:
    return "" if seconds is None else clock(seconds % SECONDS_IN_A_DAY)


def _listed(visits: list[str] | int | str) -> str:
    """VisitRefs, or how many visits there are."""
    return ", ".join(visits) if isinstance(visits, list) else str(visits)
