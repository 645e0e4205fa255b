"""The forms of disputes: raised on visits or a week, and what is said in one."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from libs.common.casework.cases import LONGEST_WORDS, REASONS
from services.portal.casework.cases.forms import MessageForm
from services.portal.web.forms.text import TextForm

CLIENT, VISIT = "client", "visit"
_LENGTH = Length(max=LONGEST_WORDS, message=f"Use {LONGEST_WORDS:,} characters or fewer")


class RaiseForm(TextForm):
    """A dispute, or several. `message_id` is the form's own: sending it twice raises once."""

    message_id = HiddenField()
    reason = RadioField(
        "Reason",
        [InputRequired("Choose the reason")],
        choices={reason: reason for reason in REASONS},
    )
    words = TextAreaField("What do you ask of the provider?", [_LENGTH])
    each = RadioField(
        "How many disputes?",
        choices={CLIENT: "One for each client", VISIT: "One for each visit"},
        default=CLIENT,
        validate_choice=False,  # one visit is one dispute: then there is no choice
    )

    def validate_words(self, field: TextAreaField) -> None:
        if not (field.data or "").strip():
            raise ValidationError("Enter what you ask of the provider")


class DisputeForm(MessageForm):
    """What is said in a dispute."""

    def for_side(self, *, is_council: bool) -> DisputeForm:
        """In [003]'s words: a provider responds."""
        self.words.label.text = "Your message" if is_council else "Response"
        return self
