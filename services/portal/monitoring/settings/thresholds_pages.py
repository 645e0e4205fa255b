"""Thresholds of measures: what holds, since when, set from a date, and tried (RULES 16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.monitoring import words
from services.portal.monitoring.asking import today
from services.portal.monitoring.figures import shown
from services.portal.monitoring.settings.forms import ThresholdForm, TryThresholdsForm
from services.portal.monitoring.spans import span_of
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import matching, organisations
from services.portal.web.formats import day
from services.portal.web.forms.faults import show
from services.portal.web.names.people import names_of

pages = Blueprint("measure_thresholds", __name__, url_prefix="/measures/thresholds")

DECIDED_BY: Final = ("missed", "late", "early", "short", "under_30_share", "time_critical_share")
"""The measures that thresholds decide."""


@pages.get("")
@signed_in(rights.SET_MEASURES)
def thresholds() -> ResponseReturnValue:
    found = matching().measure_thresholds()
    people = names_of(
        access.the_parts(), access.account(), (one["set_by"] for of in found for one in of["changes"])
    )
    return render_template("monitoring/thresholds.html", thresholds=found, words=words, people=people)


@pages.route("/set", methods=["GET", "POST"])
@signed_in(rights.SET_MEASURES)
def set_threshold() -> ResponseReturnValue:
    form = ThresholdForm().within(matching().measure_thresholds())
    if not form.validate_on_submit():
        return show("monitoring/set_threshold.html", form, thresholds=words.THRESHOLDS)
    name, since, value = form.name.data, parse_date(form.effective_from.data or ""), form.value.data or 0
    matching().set_measure_threshold(
        name=name, effective_from=since.isoformat() if since else "", value=value
    )
    told = f"{words.THRESHOLD_BY_NAME[name].text} {words.value_in_words(name, value)}, for visits planned from {day(since)}"
    tell(outcome=told)
    flash(f"{told}.")
    return redirect(url_for("measure_thresholds.thresholds"), 303)


@pages.get("/try")
@signed_in(rights.SET_MEASURES)
def try_thresholds() -> ResponseReturnValue:
    """Measures of a month by the values of the form, beside those by what holds; nothing is kept."""
    client = matching()
    thresholds = client.measure_thresholds()
    held = {one["name"]: one["value"] for one in thresholds}
    is_asked = bool(request.args)
    begins_with = TryThresholdsForm.data_of(held, today().isoformat())
    form = TryThresholdsForm(request.args if is_asked else None, **({} if is_asked else begins_with))
    form = form.among(organisations()).within(thresholds)
    found, span = None, span_of("month", today())
    if is_asked and form.validate():
        span = span_of("month", parse_date(form.day.data or "") or today())
        found = client.try_thresholds(
            organisation=form.organisation.data or None,
            first=span.first.isoformat(),
            last=span.last.isoformat(),
            values=form.values(),
        )
    tried = words.measures_in_words(words.DEFAULTS | (form.values() if found is not None else held))
    decided = [one for one in tried if one.key in DECIDED_BY]
    return render_template(
        "monitoring/try_thresholds.html",
        form=form,
        span=span,
        measures=decided,
        rows=None if found is None else rows_of(found, decided),
    )


def rows_of(
    found: Mapping[str, Any], measures: list[words.MeasureWords]
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """By provider, each measure as it is tried and as it is, and whether they differ."""
    return [
        (
            name,
            [
                (
                    shown(one.unit, both["tried"][one.key]),
                    shown(one.unit, both["held"][one.key]),
                    both["tried"][one.key] != both["held"][one.key],
                )
                for one in measures
            ],
        )
        for name, both in found.items()
    ]
