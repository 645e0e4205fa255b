"""The forms of charge pages."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from libs.common.files.values import parse_date
from services.portal.web.forms.text import TextForm

_LONGEST = 4000


def _a_day(_: FlaskForm, field: StringField) -> None:
    if (field.data or "").strip() and parse_date(field.data.strip()) is None:
        raise ValidationError("Enter any day of the week as a date, such as 2022-10-03, or leave it empty")


class QueryForm(TextForm):
    """Somebody queries a charge; an officer writes it down."""

    asked_by = StringField(
        "Who asks",
        [
            DataRequired("Enter who asks, such as the client or a daughter"),
            Length(max=200, message="Who asks must be 200 characters or fewer"),
        ],
    )
    week = StringField("Any day of the week in question (optional)", [_a_day])
    words = TextAreaField(
        "The query",
        [
            DataRequired("Enter the query"),
            Length(max=_LONGEST, message=f"The query must be {_LONGEST:,} characters or fewer"),
        ],
    )


class ReplyForm(TextForm):
    """Finance answers."""

    answer = TextAreaField(
        "Answer",
        [
            DataRequired("Enter the answer"),
            Length(max=_LONGEST, message=f"The answer must be {_LONGEST:,} characters or fewer"),
        ],
    )
