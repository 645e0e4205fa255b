"""The form by which two clients are merged."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from services.portal.web.forms.text import TextForm

LONGEST_REASON = 1000


class MergeForm(TextForm):
    """Why they are one person; ``seen`` stands for the money that was shown."""

    seen = HiddenField()
    reason = TextAreaField(
        "Why they are one person",
        [
            DataRequired("Say how it is known that they are one person"),
            Length(max=LONGEST_REASON, message="The reason must have 1,000 characters or fewer"),
        ],
    )
