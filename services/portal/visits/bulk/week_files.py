"""The visits of a week that a list shows, taken along as a visits file."""

from __future__ import annotations

from flask import Blueprint, request, stream_with_context
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import monday_of
from libs.common.rights import names as rights
from services.portal.visits.bulk.week_rows import FILTERS, name_of_week, week_in_parts
from services.portal.web.access import signed_in
from services.portal.web.calls import organisation_chosen
from services.portal.web.downloads.files import csv_in_parts
from services.portal.web.downloads.owners import today, whose_name
from services.portal.web.forms.dates import day_of_week_given

pages = Blueprint("visits_week", __name__)


@pages.get("/visits-of-a-week.csv")
@signed_in(rights.READ_VISITS)
def week() -> ResponseReturnValue:
    """Of the week of today where no day can be read."""
    day, _ = day_of_week_given(request.args.get("week", "").strip())
    monday, whose = monday_of(day or today()), organisation_chosen()
    filters = {name: request.args.get(name, "").strip()[:112] or None for name in FILTERS}
    parts = week_in_parts(monday, whose, filters)
    return csv_in_parts(stream_with_context(parts), name_of_week(monday, whose_name(whose)))
