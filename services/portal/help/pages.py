"""Help: the guide, the payment calendar and the submission deadlines, for everybody; guides by task for who signed in."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from flask import Blueprint, abort, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from libs.common.care.clock import london_day
from libs.common.care.weeks import financial_year_of, visits_due_on
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.help import words
from services.portal.help.rendering import PICTURES, html_of
from services.portal.help.rules import calendar as calendar_of
from services.portal.help.rules import financial_year, first_year_of, week_due_after
from services.portal.help.tasks import guides_for
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.words import REASONS, VISIT_TYPES

pages = Blueprint("guide", __name__, url_prefix="/help")


@pages.get("")
def contents() -> ResponseReturnValue:
    parts = access.the_parts()
    monday = week_due_after(london_day(parts.clock()), parts.submission_days)
    return render_template(
        "guide/contents.html",
        monday=monday,
        due=visits_due_on(monday, parts.submission_days),
        guides=list(guides_for(table.side_of(g.account.role)).values()) if g.account else [],
    )


@pages.get("/tasks/<guide>")
@signed_in(rights.OWN_ACCOUNT)
def task(guide: str) -> ResponseReturnValue:
    found = guides_for(table.side_of(access.account().role)).get(guide)
    if found is None:
        abort(404)
    pictures = Path(current_app.static_folder or "") / PICTURES
    return render_template(
        "guide/task.html", guide=found, html=html_of(found.text, _address_of, _picture_at, pictures)
    )


@pages.get("/visits-file")
def visits_file() -> ResponseReturnValue:
    return render_template("guide/visits_file.html", headings=words.HEADINGS)


@pages.get("/visit-types")
def visit_types() -> ResponseReturnValue:
    return render_template("guide/visit_types.html", types=words.VISIT_TYPES, names=VISIT_TYPES)


@pages.get("/unmatched-visits")
def unmatched() -> ResponseReturnValue:
    return render_template("guide/unmatched.html", reasons=REASONS)


@pages.get("/scenarios")
def scenarios() -> ResponseReturnValue:
    return render_template("guide/scenarios.html", scenarios=words.SCENARIOS)


@pages.get("/payment-calendar")
def calendar() -> ResponseReturnValue:
    parts = access.the_parts()
    today = london_day(parts.clock())
    year = request.args.get("year") or financial_year_of(today)
    try:
        first, periods = first_year_of(year), calendar_of(year, parts.submission_days)
    except ValueError:
        abort(404)
    return render_template(
        "guide/calendar.html",
        year=year,
        periods=periods,
        today=today,
        before=financial_year(first - 1),
        after=financial_year(first + 1),
    )


def _address_of(href: str) -> str | None:
    """Where a link of a guide leads: to another guide or to a page, if the reader may open it."""
    role, other = access.account().role, PurePosixPath(href)
    if other.suffix == ".md":
        is_own = other.stem in guides_for(table.side_of(role))
        return url_for("guide.task", guide=other.stem) if is_own else None
    try:
        endpoint, _ = current_app.url_map.bind("").match(href)
    except HTTPException:
        return None
    return href if access.may_open(role, endpoint) else None


def _picture_at(name: str) -> str:
    return url_for("static", filename=f"{PICTURES}/{name}")
