"""The forms of saved filters."""

from __future__ import annotations

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from services.portal.filters.rules import LONGEST_NAME
from services.portal.web.forms.text import TextForm

_NAME = (
    InputRequired("Enter a name for the filter"),
    Length(max=LONGEST_NAME, message=f"Enter a name of at most {LONGEST_NAME} characters"),
)


class NameForm(TextForm):
    """How a filter is called."""

    name = StringField("Name of the filter", validators=[*_NAME])


class SaveForm(NameForm):
    """What a page is limited to now, and how that is to be called."""

    page = HiddenField()
    query = HiddenField()


class RemoveForm(TextForm):
    """A button."""
