"""Help: the guide, the payment calendar and the submission deadlines. Everybody may read it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.care.weeks import financial_year_of, visits_due_on
from services.portal.help import words
from services.portal.help.rules import calendar as calendar_of
from services.portal.help.rules import financial_year, first_year_of, week_due_after
from services.portal.web import access
from services.portal.web.words import REASONS, VISIT_TYPES

pages = Blueprint("guide", __name__, url_prefix="/help")


@pages.get("")
def contents() -> ResponseReturnValue:
    parts = access.the_parts()
    monday = week_due_after(london_day(parts.clock()), parts.submission_days)
    return render_template(
        "guide/contents.html", monday=monday, due=visits_due_on(monday, parts.submission_days)
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
