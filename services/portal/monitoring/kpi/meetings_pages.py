"""The council keeps notes of meetings with a provider, and shares them with it (RULES 16)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from libs.common.seams.disputes.meetings import Meeting
from services.portal.audit.telling import tell
from services.portal.money.periods.forms import ConfirmForm
from services.portal.monitoring.kpi.forms import MeetingForm
from services.portal.monitoring.kpi.meetings import organisation_id_of, tell_of_meeting
from services.portal.monitoring.kpi.rules import span_of
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, gateway, organisation_chosen, organisations
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.names.organisations import names_by_id

pages = Blueprint("kpis_meetings", __name__, url_prefix="/kpis/meetings")


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.SET_MEASURES)
def new() -> ResponseReturnValue:
    form = MeetingForm().among(organisations())
    form.renewed()
    if request.method == "GET" and organisation_chosen():
        form.organisation.data = organisation_chosen()
    if not form.validate_on_submit():
        return show("kpi/meeting.html", form)
    held_on = parse_date(form.held_on.data or "")
    try:
        found = disputes().keep_meeting(
            meeting_id=form.form_id.data or "",
            organisation_id=organisation_id_of(form.organisation.data),
            held_on=held_on.isoformat() if held_on else "",
            people=form.people.data or "",
            notes=form.notes.data or "",
            agreed=form.agreed.data or "",
            is_shared=bool(form.is_shared.data),
        )
    except Refused as refused:
        return show_refusal("kpi/meeting.html", form, refused)
    tell_of_meeting(found)
    tell(organisation=form.organisation.data)
    flash("The notes of the meeting are kept.")
    return back_to(found)


@pages.post("/<uuid:meeting_id>/share")
@signed_in(rights.SET_MEASURES)
def share(meeting_id: uuid.UUID) -> ResponseReturnValue:
    if not ConfirmForm().validate_on_submit():
        return redirect(url_for("kpis.one"), 303)
    found = disputes().share_meeting(meeting_id=meeting_id)
    tell_of_meeting(found)
    flash("The provider sees the notes of this meeting from now on.")
    return back_to(found)


def back_to(found: Meeting) -> ResponseReturnValue:
    """The page of the provider and of the span in which the meeting was."""
    about = found["organisation_id"]
    held_on = parse_date(found["held_on"])
    holds = disputes().kpi_spans()["holds"]
    span = span_of(held_on, **holds).name if held_on else None
    name = names_by_id(gateway(), [about]).get(about)
    return redirect(url_for("kpis.one", organisation=name, span=span, _anchor="meetings"), 303)
