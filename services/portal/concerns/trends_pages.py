"""Trends of concerns by month, kind, provider and group of providers, as a picture, tables and CSV (RULES 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from libs.common.casework.concerns import MOST_MONTHS, STATES
from libs.common.files.values import FIRST_DAY
from libs.common.rights import names as rights
from libs.common.seams.disputes.concerns import Trend
from services.portal.concerns import trends
from services.portal.concerns.chart import chart_of
from services.portal.concerns.filters import WRONG_ORDER, asked_of, chosen_filters, months_chosen
from services.portal.concerns.views import group_names
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, gateway, organisations
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import csv_for_people, file_name
from services.portal.web.downloads.owners import today
from services.portal.web.names.organisations import names_by_id

pages = Blueprint("concerns_trends", __name__, url_prefix="/concerns/trends")

HEADINGS: Final = ("Month", "OrganisationName", "Kind", "Concerns", "BreachNotices")


@pages.get("")
@signed_in(rights.READ_CONCERNS)
def shown() -> ResponseReturnValue:
    chosen, _ = chosen_filters()
    first, last, wrong = span_asked()
    months = trends.months_between(first, last)
    rows = _rows(first, last)
    names = names_by_id(gateway(), {row["organisation_id"] for row in rows})
    groups = disputes().concern_groups()
    by_month = trends.by_month(rows, months)
    return render_template(
        "concerns/trends.html",
        chosen=chosen,
        first=first,
        last=last,
        wrong=wrong,
        months=months,
        by_month=by_month,
        chart=chart_of(by_month),
        by_kind=trends.by_kind(rows, months),
        by_provider=trends.by_provider(rows, months, names),
        by_group=trends.by_group(rows, months, groups),
        has_some=bool(rows),
        organisations=organisations(),
        groups=group_names(groups),
        kinds=[one["name"] for one in disputes().concern_kinds()],
        states=STATES,
    )


@pages.get("/trends.csv")
@signed_in(rights.READ_CONCERNS)
def as_csv() -> ResponseReturnValue:
    chosen, _ = chosen_filters()
    first, last, _ = span_asked()
    rows = _rows(first, last)
    names = names_by_id(gateway(), {row["organisation_id"] for row in rows})
    content = csv_text(
        HEADINGS,
        (
            (
                row["month"][:7],
                names.get(row["organisation_id"], row["organisation_id"]),
                row["kind"],
                row["concerns"],
                row["breach_notices"],
            )
            for row in rows
        ),
    )
    months = trends.months_between(first, last)
    days = (months[0], trends.last_of_month(months[-1]))
    name = file_name("trends of concerns", "csv", provider=chosen.organisation, days=days, as_at=today())
    return csv_for_people(content, name)


def span_asked() -> tuple[dt.date, dt.date, dict[str, str]]:
    """The first days of the first and of the last month, the last twelve by default; what is wrong with them by name."""
    this_month, (chosen_first, chosen_last, wrong) = today().replace(day=1), months_chosen()
    last = chosen_last or this_month
    first = chosen_first or max(trends.months_back(last, trends.MONTHS_SHOWN - 1), FIRST_DAY)
    if first > last:
        wrong["last"] = WRONG_ORDER
    elif len(trends.months_between(first, last)) > MOST_MONTHS:
        wrong["first"] = f"Choose {MOST_MONTHS} months or fewer"
    if wrong:
        first, last = trends.months_back(this_month, trends.MONTHS_SHOWN - 1), this_month
    return first, last, wrong


def _rows(first: dt.date, last: dt.date) -> list[Trend]:
    chosen, _ = chosen_filters()
    asked: dict[str, Any] = asked_of(chosen)
    asked |= {"first": first, "last": last}
    return disputes().concern_trends(**asked)
