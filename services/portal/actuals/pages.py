"""A week of actuals: its services, the calendar of states, and what was delivered of each client's care (RULES 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.care.weeks import monday_of
from libs.common.rights import names as rights
from libs.common.seams.ingest.actuals import ActualsWeek
from services.portal.actuals import jobs, words
from services.portal.actuals.addresses import a_monday
from services.portal.actuals.marks import find_marks
from services.portal.actuals.views import (
    PageOfClients,
    clients_of,
    page_of,
    services_of,
    states_in_words,
    sums_by_provider,
    sums_of,
)
from services.portal.audit.telling import tell
from services.portal.visits.months import Month, calendar_of, month_of
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import a_day_of
from services.portal.web.calls import (
    disputes,
    gateway,
    ingest,
    is_council,
    organisation_chosen,
    organisations_question,
    payments,
)
from services.portal.web.formats import counted
from services.portal.web.forms.dates import day_of_week_given
from services.portal.web.names.clients import client_names
from services.portal.web.names.organisations import provider_names

pages = Blueprint("actuals", __name__, url_prefix="/actuals")

A_WEEK = dt.timedelta(days=7)
Row = dict[str, Any]


@pages.get("")
@signed_in(rights.READ_ACTUALS)
def actuals() -> ResponseReturnValue:
    day, problem = day_of_week_given(request.args.get("week", ""))
    monday = monday_of(day) if day else last_week()
    month, whose, client = month_of(monday), organisation_chosen(), ingest()
    first, last = (each.isoformat() for each in (month.mondays[0], month.mondays[-1]))
    marks = find_marks(gateway(), disputes(), payments(), first, last)
    found, weeks, providers = gateway().all_three(
        lambda: client.actuals_week(monday=monday.isoformat(), organisation=whose),
        lambda: client.actuals_calendar(organisation=whose, first=first, last=last, marks=marks.said()),
        organisations_question(),
    )
    filters = {"organisation": whose, **_limits(found)}
    chosen = dict(filters)  # and the page, where there are several
    shown = _by_provider(found) if is_council() and whose is None else _by_client(found, monday, chosen)
    return render_template(
        "actuals/week.html",
        problem=problem,
        monday=monday,
        found=found,
        chosen=chosen,
        organisations=providers,
        services=services_of(found),
        marks=marks.of_week(monday.isoformat()),
        asked_by=words.rules_of_contracts(
            client.actual_rules(), (one["contract"] for one in found["actuals"]), monday.isoformat()
        ),
        calendar=_calendar(month, states_in_words(weeks), filters),
        before=link_to_week(monday - A_WEEK, **filters),
        after=link_to_week(monday + A_WEEK, **filters),
        may_change=may_change(),
        words=words,
        **shown,
    )


@pages.post("/generate")
@signed_in(rights.ENTER_ACTUALS)
def generate() -> ResponseReturnValue:
    monday = a_monday(request.form.get("week", ""))
    whose = organisation_chosen()
    if is_council() and whose is None:
        abort(400, "Choose a provider first: actuals are generated provider by provider.")
    jobs.await_care(gateway())
    found = ingest().generate_actuals(monday=monday, organisation=whose)
    tell(organisation=whose, outcome=f"generated {found['generated']}, kept {found['kept']}")
    flash(_generated(found["generated"], found["kept"]))
    return redirect(link_to_week(dt.date.fromisoformat(monday), organisation=whose, **_asked()), 303)


def _generated(generated: int, kept: int) -> str:
    if generated:
        rest = f"; {counted(kept, 'actual')} {'was' if kept == 1 else 'were'} there and kept" if kept else ""
        return f"{counted(generated, 'actual')} generated as planned{rest}."
    return "Nothing was generated: the week’s actuals are all there." if kept else f"{words.NO_ACTUALS}."


def may_change() -> bool:
    """Whether who is signed in may generate and save actuals."""
    return access.may(rights.ENTER_ACTUALS)


def last_week() -> dt.date:
    """The Monday of the week that is over: the one whose actuals are entered now."""
    return monday_of(london_day(access.the_parts().clock())) - A_WEEK


def link_to_week(monday: dt.date, **chosen: Any) -> str:
    """The page of a week; its filters stand in the address."""
    return url_for("actuals.actuals", week=a_day_of(monday), **chosen)


def _asked() -> Row:
    """The filters of the page that is asked for."""
    return {
        "service": request.args.get("service", "").strip()[:112] or None,
        "show": "missing" if request.args.get("show") == "missing" else None,
    }


def _limits(found: ActualsWeek) -> Row:
    """The same; a service of which the week has nothing limits nothing."""
    asked = _asked()
    return asked if asked["service"] in services_of(found) else {**asked, "service": None}


def _by_client(found: ActualsWeek, monday: dt.date, chosen: Row) -> Row:
    """What a provider's week shows: a page of its clients, with what all of them come to.

    The page's number goes into ``chosen``: whoever looks at a client comes back to it.
    """
    references = {one["client_reference"] for one in (*found["actuals"], *found["suspended"])}
    names = client_names(gateway(), caller(), references)
    is_missing = chosen["show"] == "missing"
    clients = clients_of(found, names, service=chosen["service"], is_missing=is_missing)
    page = page_of(clients, request.args.get("page", 1, type=int))
    of_service = [one for one in found["actuals"] if chosen["service"] in (None, one["service"])]
    shown = {
        "page": page,
        "clients": page.clients,
        "sums": sums_of(of_service),
        "all_sums": sums_of(found["actuals"]),
        "earlier": _link_to_page(page, -1, monday, chosen),
        "later": _link_to_page(page, 1, monday, chosen),
    }
    chosen["page"] = page.number if page.number > 1 else None
    return shown


def _link_to_page(page: PageOfClients, step: int, monday: dt.date, chosen: Row) -> str | None:
    """The page before or behind, if there is one."""
    number = page.number + step
    if not 1 <= number <= page.pages:
        return None
    return link_to_week(monday, **chosen, page=number if number > 1 else None)


def _by_provider(found: ActualsWeek) -> Row:
    """What the council sees of all providers: the week of each, and what is missing."""
    sums = sums_by_provider(found)
    names = provider_names(access.the_parts(), gateway(), sums)
    rows = sorted(((names[one], of) for one, of in sums.items()), key=lambda row: row[0].casefold())
    return {"providers": rows, "sums": sums_of(found["actuals"])}


def _calendar(month: Month, states: Mapping[str, str], chosen: Mapping[str, str | None]) -> Row:
    return calendar_of(month, lambda monday: link_to_week(monday, **chosen), states)
