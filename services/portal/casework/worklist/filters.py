"""What of a week the worklist lists, as its addresses say it."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from flask import request, url_for

from libs.common.casework.doubts import KINDS, PROPOSED
from services.portal.casework.worklist.words import STATES
from services.portal.web.addresses import a_day_of, ids_in
from services.portal.web.calls import organisation_chosen


class Filters(NamedTuple):
    """What of a week is wanted, by the names that addresses have for it."""

    organisation: str | None
    kind: str | None
    state: str | None
    group: str | None = None
    """the id of one whose doubts are listed singly"""


def chosen_filters() -> Filters:
    """The filters of the list."""
    kind, state = request.values.get("kind"), request.values.get("state")
    return Filters(
        organisation=organisation_chosen() or request.form.get("organisation") or None,
        kind=kind if kind in KINDS else None,
        state=state if state in STATES and state != PROPOSED else None,
        group=next(iter(ids_in(request.values.getlist("group"), 1)), None),
    )


def list_link(monday: dt.date, chosen: Filters, **more: Any) -> str:
    """The list of a week with these filters."""
    return url_for("worklist.doubts", week=a_day_of(monday), **chosen._asdict(), **more)
