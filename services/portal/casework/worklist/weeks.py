"""Which week the worklist's pages are asked for."""

from __future__ import annotations

import datetime as dt

from flask import request

from libs.common.care.weeks import monday_of
from services.portal.web.calls import disputes
from services.portal.web.forms.dates import day_of_week_given


def monday_asked() -> tuple[dt.date, str | None]:
    """The week asked for, else the newest with proposals, else the last complete one; and what is wrong."""
    given, problem = day_of_week_given(request.values.get("week", "").strip())
    if given is None:
        given = dt.date.fromisoformat(disputes().newest_doubt_week())
    return monday_of(given), problem
