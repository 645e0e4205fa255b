"""The forms of contract documents. What they hold is never logged."""

from __future__ import annotations

from wtforms import PasswordField, TextAreaField
from wtforms.validators import InputRequired, Length

from services.portal.accounts import rules as accounts_rules
from services.portal.web.forms.text import TextForm

LONGEST_REASON = 2_000
WRONG_PASSWORD = "Password is not right"  # noqa: S105 - a sentence


class AgreeForm(TextForm):
    """A provider agrees: the password stands for a signature."""

    present = PasswordField(
        "Password",
        [
            InputRequired("Enter your password"),
            Length(
                max=accounts_rules.LONGEST_PASSWORD,
                message=f"Password must be {accounts_rules.LONGEST_PASSWORD} characters or fewer",
            ),
        ],
    )


class RejectForm(AgreeForm):
    """A provider rejects, and says why."""

    reason = TextAreaField(
        "Rejection reason",
        [
            InputRequired("Enter why you reject it"),
            Length(max=LONGEST_REASON, message=f"The reason must be {LONGEST_REASON:,} characters or fewer"),
        ],
    )
