"""The forms of requisitions and offers."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from libs.common.files.values import parse_date
from services.portal.web.forms.text import TextForm

LONGEST_TEXT = 1_000
MOST_HOURS_A_WEEK = Decimal(336)
MOST_HOURS_OPEN = 24 * 60


def no_longer(label: str, most: int) -> Length:
    return Length(max=most, message=f"{label} must be {most:,} characters or fewer")


def reason_area(label: str) -> TextAreaField:
    return TextAreaField(label, [InputRequired("Enter a reason"), no_longer("Reason", LONGEST_TEXT)])


def hours_in(text: str | None) -> Decimal | None:
    """Hours of a week with two decimals at most, above nothing; None for what is none."""
    try:
        hours = Decimal((text or "").strip())
        is_right = hours.is_finite() and 0 < hours <= MOST_HOURS_A_WEEK and hours == round(hours, 2)
    except InvalidOperation:
        return None
    return hours if is_right else None


class RequisitionForm(TextForm):
    """What care is wanted. `form_id`: sending it twice is sending it once."""

    form_id = HiddenField()
    client = StringField("Client’s reference", [no_longer("Reference", 100)])
    service = StringField("Service", [InputRequired("Enter a service"), no_longer("Service", 112)])
    level = StringField(
        "Service level", [InputRequired("Enter a service level"), no_longer("Service level", 100)]
    )
    zone = StringField("Zone or area", [no_longer("Zone", 100)])
    hours = StringField("Hours a week", [InputRequired("Enter the hours a week")])
    timetable = TextAreaField("Days and times", [no_longer("Days and times", LONGEST_TEXT)])
    start = StringField("Start date", [InputRequired("Enter a start date")])
    note = TextAreaField("Note to providers", [no_longer("Note", LONGEST_TEXT)])

    def renewed(self) -> Any:
        """With an id where it has none, or what is no id."""
        try:
            self.form_id.data = str(uuid.UUID(self.form_id.data or ""))
        except ValueError:
            self.form_id.data = str(uuid.uuid4())
        return self

    def validate_hours(self, field: StringField) -> None:
        if hours_in(field.data) is None:
            raise ValidationError("Enter hours with two decimals at most, such as 10.5")

    def validate_start(self, field: StringField) -> None:
        if parse_date(field.data or "") is None:
            raise ValidationError("Enter a date, like 3/10/2026")

    def wanted(self) -> dict[str, str]:
        """As disputes takes it."""
        start = parse_date(self.start.data or "")
        return {
            "client_reference": self.client.data or "",
            "service": self.service.data or "",
            "service_level": self.level.data or "",
            "zone": self.zone.data or "",
            "hours": str(hours_in(self.hours.data)),
            "timetable": self.timetable.data or "",
            "start_on": start.isoformat() if start else "",
            "note": self.note.data or "",
        }


class OfferForm(TextForm):
    """Offer it to the provider that the page shows as the next one."""

    comes_back = False

    offer_id = HiddenField(validators=[InputRequired()])
    place = HiddenField(validators=[InputRequired()])


class SkipForm(TextForm):
    """Leave the next provider out."""

    place = HiddenField(validators=[InputRequired()])
    reason = reason_area("Why this provider is skipped")


class WithdrawForm(TextForm):
    """The care is not wanted any more."""

    reason = reason_area("Why it is withdrawn")


class DeclineForm(TextForm):
    """A provider can't take it on."""

    reason = reason_area("Why you decline")


class HoursForm(TextForm):
    """For how long offers stand."""

    hours = IntegerField(
        "Hours",
        [
            InputRequired("Enter a number of hours"),
            NumberRange(1, MOST_HOURS_OPEN, f"Hours must be from 1 to {MOST_HOURS_OPEN:,}"),
        ],
    )
    start = StringField("For offers made from", [InputRequired("Enter a date")])

    def validate_start(self, field: StringField) -> None:
        if parse_date(field.data or "") is None:
            raise ValidationError("Enter a date, like 3/10/2026")
