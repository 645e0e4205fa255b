"""The forms of KPIs: notes of a meeting, and how long spans are."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from libs.common.care.cases import LONGEST_WORDS
from libs.common.files.values import parse_date
from libs.common.seams.disputes.kpis import KpiSpan
from libs.common.seams.disputes.meetings import LONGEST_PEOPLE
from services.portal.money.invoices.forms import FormOfItsOwn
from services.portal.monitoring.kpi.words import MONTHS, SPANS
from services.portal.web.forms.text import TextForm


class MeetingForm(FormOfItsOwn):
    """Notes of a meeting with a provider."""

    organisation = SelectField("Provider", [InputRequired("Choose a provider")], coerce=str)
    held_on = StringField("Day of the meeting", [InputRequired("Enter the day of the meeting")])
    people = StringField(
        "Who met",
        [
            InputRequired("Enter who met"),
            Length(max=LONGEST_PEOPLE, message=f"Who met must be {LONGEST_PEOPLE} characters or fewer"),
        ],
    )
    notes = TextAreaField(
        "Notes",
        [
            InputRequired("Enter notes"),
            Length(max=LONGEST_WORDS, message=f"The notes must be {LONGEST_WORDS:,} characters or fewer"),
        ],
    )
    agreed = TextAreaField(
        "Agreed actions (optional)",
        [
            Length(
                max=LONGEST_WORDS, message=f"The agreed actions must be {LONGEST_WORDS:,} characters or fewer"
            )
        ],
    )
    is_shared = BooleanField("Share these notes with the provider")

    def among(self, names: Sequence[str]) -> MeetingForm:
        """With the providers to choose from."""
        self.organisation.choices = [("", "Choose a provider"), *((name, name) for name in names)]
        return self

    def validate_held_on(self, field: StringField) -> None:
        if parse_date(field.data or "") is None:
            raise ValidationError("Enter a date, like 3/10/2022")


class SpanForm(TextForm):
    """How many months a span has, and in which month of the year one begins."""

    months = SelectField("Length", choices=SPANS, coerce=int)
    first_month = SelectField("One begins in", choices=MONTHS, coerce=int)

    def of(self, holds: KpiSpan) -> SpanForm:
        """With what holds now, before anything was chosen."""
        self.months.data, self.first_month.data = holds["months"], holds["first_month"]
        return self
