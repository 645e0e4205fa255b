"""How long the spans of KPIs are, which the council sets (RULES 16)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.monitoring.kpi import words
from services.portal.monitoring.kpi.forms import SpanForm
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes
from services.portal.web.forms.faults import show
from services.portal.web.names.people import names_of

pages = Blueprint("kpis_settings", __name__, url_prefix="/kpis/settings")


@pages.route("", methods=["GET", "POST"])
@signed_in(rights.SET_MEASURES)
def spans() -> ResponseReturnValue:
    known, form = disputes().kpi_spans(), SpanForm()
    if request.method == "GET":
        form.of(known["holds"])
    if form.validate_on_submit():
        months, first_month = form.months.data, form.first_month.data
        disputes().set_kpi_span(months=months, first_month=first_month)
        said = f"{words.SPANS[months]}, one from {words.MONTHS[first_month]}"
        tell(outcome=said)
        flash(f"A span of KPIs has {said} on.")
        return redirect(url_for("kpis_settings.spans"), 303)
    people = names_of(access.the_parts(), access.account(), (one["set_by"] for one in known["history"]))
    return show("kpi/settings.html", form, history=known["history"], people=people, words=words)
