"""The forms of clients: their circumstances."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from libs.common.files.values import cleaned, parse_date
from services.portal.web.forms.text import TextForm
from services.portal.web.words import CIRCUMSTANCES

LONGEST_NOTE = 1000


class DayField(DateField):
    """A day, as a browser's calendar sends it or as a person writes it: 2022-10-03, 3/10/2022."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = cleaned(str(valuelist[0])) if valuelist else ""
        self.data: dt.date | None = parse_date(text) if text else None
        if text and self.data is None:
            raise ValueError(f"Enter {self.label.text.lower()} as a date, such as 3/10/2022")


class CircumstanceForm(TextForm):
    """What holds for a client from a day on."""

    kind = SelectField("What is the case", [InputRequired("Choose what is the case")])
    from_on = DayField("First day", [InputRequired("Enter the first day")])
    to_on = DayField("Last day, if it is known", [Optional()])
    note = TextAreaField(
        "Note", [Length(max=LONGEST_NOTE, message="The note must have 1,000 characters or fewer")]
    )

    def with_kinds(self) -> CircumstanceForm:
        """With the kinds to choose from."""
        self.kind.choices = [("", "Choose one"), *CIRCUMSTANCES.items()]
        return self


class EndForm(TextForm):
    """Until when a circumstance holds."""

    to_on = DayField("Last day", [InputRequired("Enter the last day")])


class WithdrawForm(TextForm):
    """A circumstance that never held."""

    note = TextAreaField(
        "Why it is withdrawn",
        [
            InputRequired("Say why it is withdrawn"),
            Length(max=LONGEST_NOTE, message="The reason must have 1,000 characters or fewer"),
        ],
    )
