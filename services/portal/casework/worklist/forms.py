"""The forms of the worklist: words to raise doubts with, why they are dismissed, how a sample is picked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from libs.common.casework.cases import LONGEST_WORDS
from libs.common.casework.doubts import LONGEST_SEED, LONGEST_WHY
from services.portal.casework.claims.forms import a_uuid
from services.portal.casework.worklist.words import ASKED, WAYS
from services.portal.web.forms.text import TextForm

MOST_PICKED = 200


class RaiseDoubtsForm(TextForm):
    """What providers are asked, for each type of dispute among the doubts; see `raise_form`.

    `form_id` is the form's own: sending it twice raises once.
    """

    form_id = HiddenField()
    reasons: Sequence[str] = ()

    def words(self) -> dict[str, str]:
        """The words by type of dispute."""
        return {reason: self[f"words_{n}"].data.strip() for n, reason in enumerate(self.reasons)}


def raise_form(reasons: Sequence[str]) -> RaiseDoubtsForm:
    """The form for doubts of these types, its words filled in."""
    fields: dict[str, Any] = {
        f"words_{n}": TextAreaField(reason, [_is_said, _length(LONGEST_WORDS)], default=ASKED.get(reason, ""))
        for n, reason in enumerate(reasons)
    }
    found: RaiseDoubtsForm = type(
        "RaiseDoubtsForm", (RaiseDoubtsForm,), {**fields, "reasons": tuple(reasons)}
    )()
    found.form_id.data = a_uuid(found.form_id.data)
    return found


class DismissForm(TextForm):
    """Why doubts are none."""

    why = TextAreaField("Reason")

    def validate_why(self, field: TextAreaField) -> None:
        _is_said(self, field)
        _length(LONGEST_WHY)(self, field)


class SampleForm(TextForm):
    """How weeks of care are picked to be looked at."""

    way = RadioField("What to pick", [InputRequired("Choose what to pick")], choices=WAYS)
    size = IntegerField("How many")
    organisation = SelectField("Provider", validate_choice=False)
    seed = StringField(
        "Seed",
        [
            Optional(),
            Length(max=LONGEST_SEED, message=f"The seed must be {LONGEST_SEED} characters or fewer"),
        ],
    )

    def among(self, organisations: Sequence[str]) -> SampleForm:
        """With the providers to choose from."""
        self.organisation.choices = [("", "All providers"), *((name, name) for name in organisations)]
        return self

    def validate_size(self, field: IntegerField) -> None:
        if field.errors or field.data is None:
            field.errors = []
            raise ValidationError("Enter how many, as a whole number")
        most = 100 if self.way.data == "random" else MOST_PICKED
        NumberRange(1, most, f"How many must be between 1 and {most}")(self, field)


def _is_said(_: FlaskForm, field: TextAreaField) -> None:
    if not (field.data or "").strip():
        raise ValidationError(
            "Enter a reason" if field.name == "why" else f"Enter what you ask: {field.label.text}"
        )


def _length(most: int) -> Length:
    return Length(max=most, message=f"Use {most:,} characters or fewer")
