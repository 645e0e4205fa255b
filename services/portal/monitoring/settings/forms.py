"""The forms of monitoring: thresholds that are set or tried, and what is one diary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from libs.common.files.values import parse_date
from libs.common.seams.matching.monitoring.measures import MeasureThreshold
from services.portal.monitoring.words import DEFAULTS, THRESHOLD_BY_NAME, THRESHOLDS
from services.portal.web.forms.text import TextForm

A_DAY: Final = "Enter a date, like 3/10/2022"
A_NUMBER: Final = "Enter a whole number"


def refuse_outside(field: IntegerField, limits: tuple[int, int]) -> None:
    """Raises ValidationError for a value that a threshold can't have."""
    lowest, highest = limits
    if field.data is None or not lowest <= field.data <= highest:
        raise ValidationError(f"Enter a whole number from {lowest} to {highest}")


class ThresholdForm(TextForm):
    """A threshold from a planned day on."""

    name = SelectField(
        "Threshold",
        [InputRequired("Choose a threshold")],
        choices={one.name: one.text for one in THRESHOLDS},
    )
    value = IntegerField("Value", [InputRequired(A_NUMBER)])
    effective_from = StringField("For visits planned from", [InputRequired("Enter a date")])

    def within(self, thresholds: Sequence[MeasureThreshold]) -> ThresholdForm:
        """With the limits of each threshold."""
        self.limits = {one["name"]: (one["lowest"], one["highest"]) for one in thresholds}
        return self

    def validate_value(self, field: IntegerField) -> None:
        limits = self.limits.get(self.name.data)
        if limits is not None:
            refuse_outside(field, limits)

    def validate_effective_from(self, field: StringField) -> None:
        if parse_date(field.data or "") is None:
            raise ValidationError(A_DAY)


class TryThresholdsForm(TextForm):
    """Thresholds to try over a month. It only asks, so it stands in the address and needs no token."""

    class Meta:
        csrf = False

    organisation = SelectField("Provider", coerce=str)
    day = StringField("Any day of the month", [InputRequired("Enter a date")])
    late_minutes = IntegerField(THRESHOLD_BY_NAME["late_minutes"].text, [InputRequired(A_NUMBER)])
    early_minutes = IntegerField(THRESHOLD_BY_NAME["early_minutes"].text, [InputRequired(A_NUMBER)])
    short_per_cent = IntegerField(THRESHOLD_BY_NAME["short_per_cent"].text, [InputRequired(A_NUMBER)])
    under_minutes = IntegerField(THRESHOLD_BY_NAME["under_minutes"].text, [InputRequired(A_NUMBER)])
    critical_minutes = IntegerField(THRESHOLD_BY_NAME["critical_minutes"].text, [InputRequired(A_NUMBER)])
    very_late_is_missed = BooleanField(THRESHOLD_BY_NAME["very_late_is_missed"].text)

    def among(self, names: Sequence[str]) -> TryThresholdsForm:
        """With the providers to choose from."""
        self.organisation.choices = [("", "All providers"), *((name, name) for name in names)]
        return self

    def validate_day(self, field: StringField) -> None:
        if parse_date(field.data or "") is None:
            raise ValidationError(A_DAY)

    def within(self, thresholds: Sequence[MeasureThreshold]) -> TryThresholdsForm:
        """With the limits of each threshold."""
        self.limits = {one["name"]: (one["lowest"], one["highest"]) for one in thresholds}
        return self

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Also each value within its limits."""
        is_valid = super().validate(*args, **kwargs)
        for name in DEFAULTS:
            field = self[name]
            if isinstance(field, IntegerField) and not field.errors:
                try:
                    refuse_outside(field, self.limits[name])
                except ValidationError as error:
                    field.errors, is_valid = [str(error)], False
        return is_valid

    def values(self) -> dict[str, int]:
        """The thresholds as matching takes them."""
        return {name: int(self[name].data or 0) for name in DEFAULTS}

    @staticmethod
    def data_of(values: Mapping[str, int], day: str) -> dict[str, Any]:
        """What holds, to begin with."""
        return {**{name: values[name] for name in DEFAULTS}, "day": day}


class OneDiaryForm(TextForm):
    """A press that turns it on or off; the page says of what."""

    comes_back = False

    is_one_diary = HiddenField(validators=[InputRequired()])


class ActionForm(TextForm):
    """A press that opens an action; sending it twice is sending it once."""

    comes_back = False
