"""What counts as an overlap of visits, and what looks left running: set by the council from a day on (RULES 16)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import ingest
from services.portal.web.formats import counted, day
from services.portal.web.forms.faults import show
from services.portal.web.forms.text import TextForm
from services.portal.web.names.people import names_of

pages = Blueprint("overlap_limits", __name__)

LIMITS: Final = {
    "least_minutes": "Visits overlap that run at once for so many minutes or more",
    "end_minutes": "Left running: it ended within so many minutes of the next one’s end",
    "delivered_minutes": "Left running: it lasted so many minutes or more",
    "planned_minutes": "Left running: where so many minutes or less were planned",
}


class LimitForm(TextForm):
    """A limit from a day on."""

    name = SelectField("Limit", choices=LIMITS, coerce=str)
    effective_from = StringField("From visits delivered on", [InputRequired("Enter from when on it holds")])
    value = IntegerField(
        "Minutes",
        [InputRequired("Enter the minutes"), NumberRange(0, 1440, "Enter a number from 0 to 1440")],
    )

    def validate_effective_from(self, field: StringField) -> None:
        if parse_date(field.data or "") is None:
            raise ValidationError("Enter a date, like 3/10/2022")


@pages.route("/overlap-limits", methods=["GET", "POST"])
@signed_in(rights.SET_MEASURES)
def limits() -> ResponseReturnValue:
    form = LimitForm()
    problem = None
    begins = parse_date(form.effective_from.data or "")
    if form.validate_on_submit() and begins is not None:
        try:
            ingest().set_overlap_limit(
                name=form.name.data, effective_from=begins.isoformat(), value=form.value.data
            )
        except Refused as refused:
            problem = refused.message
        else:
            minutes = counted(form.value.data, "minute")
            said = f"{LIMITS[form.name.data]}: {minutes}, for visits delivered on {day(begins)} or later."
            tell(outcome=said)
            flash(said)
            return redirect(url_for("overlap_limits.limits"), 303)
    found = ingest().overlap_limits()
    people = names_of(access.the_parts(), access.account(), (one["set_by"] for one in found))
    today = access.the_parts().clock().date().isoformat()
    held = ingest().overlap_limits_of_day(day=today)
    return show(
        "monitoring/overlap_limits.html",
        form,
        found=found,
        held=held,
        words=LIMITS,
        people=people,
        problem=problem,
    )
