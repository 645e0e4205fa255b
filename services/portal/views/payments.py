"""Payment periods, their items with how they came about, and remittance advice (RULES 8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.weeks import period_end_of
from services.portal.access import signed_in
from services.portal.clients import client_names
from services.portal.cursors import cursor_of, place_of
from services.portal.remittance import remittance_csv, remittance_of, remittance_pdf
from services.portal.views.asking import READERS, ask, caller, gateway, organisation_chosen, organisations
from services.portal.words import KINDS

pages = Blueprint("payments", __name__, url_prefix="/payments")

ITEMS_SHOWN = 100


@pages.get("")
@signed_in(*READERS)
def periods() -> ResponseReturnValue:
    found = ask("payments", "payment_periods")
    return render_template("payments/periods.html", periods=found[::-1])


@pages.get("/<start>")
@signed_in(*READERS)
def period(start: str) -> ResponseReturnValue:
    first, organisation = _day(start), organisation_chosen()
    place = place_of(request.args.get("cursor"), str)
    which: dict[str, Any] = {"start": start, "organisation": organisation}
    after = place[0] if place else None
    items = ask("payments", "payment_items", **which, after=after, limit=ITEMS_SHOWN + 1)
    more = None
    if len(items) > ITEMS_SHOWN:
        items = items[:ITEMS_SHOWN]
        more = url_for("payments.period", **which, cursor=cursor_of(items[-1]["item_id"]))
    return render_template(
        "payments/period.html",
        start=start,
        end=period_end_of(first),
        period=ask("payments", "payment_period", **which),
        items=items,
        names=client_names(gateway(), caller(), (item["client"] for item in items)),
        more=more,
        chosen=organisation,
        organisations=organisations(),
        kinds=KINDS,
    )


@pages.get("/<start>/remittance.csv")
@signed_in(*READERS)
def remittance_as_csv(start: str) -> ResponseReturnValue:
    first = _day(start)
    lines, _ = remittance_of(gateway(), caller(), first, organisation_chosen())
    return _download(remittance_csv(lines), f"remittance-{first}.csv", "text/csv; charset=utf-8")


@pages.get("/<start>/remittance.pdf")
@signed_in(*READERS)
def remittance_as_pdf(start: str) -> ResponseReturnValue:
    first = _day(start)
    found = remittance_of(gateway(), caller(), first, organisation_chosen())
    content = remittance_pdf(first, period_end_of(first), *found)
    return _download(content, f"remittance-{first}.pdf", "application/pdf")


def _download(content: str | bytes, name: str, content_type: str) -> Response:
    return Response(
        content, 200, {"Content-Disposition": f"attachment; filename={name}"}, content_type=content_type
    )


def _day(text: str) -> dt.date:
    """A period's first day; whether one starts on it is the service's to say. 404 for what is no day."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        abort(404)
    if day.isoformat() != text or not 1900 < day.year < 9000:
        abort(404)
    return day
