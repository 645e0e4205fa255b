"""What made a measure: its visits, slots or line items (RULES 16)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from services.portal.monitoring.asking import days_asked, present_words
from services.portal.monitoring.words import BY_KEY, ONE_DIARY_WORDS, RESTS
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, is_council, matching, organisation_chosen
from services.portal.web.names.clients import client_names
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("measured_visits", __name__, url_prefix="/measures/visits")


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
    after = parse_date(request.args.get("after", ""))
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
    return render_template(
        "monitoring/visits.html",
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
        more=url_for("measured_visits.visits", **query, **rest, after=page["after"])
        if page["after"]
        else None,
        all_of_it=url_for("measures.provider", organisation=whose, span="quarter", day=last.isoformat()),
    )
