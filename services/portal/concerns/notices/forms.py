"""The forms of breach notices: sent by the council, answered by the provider (RULES 16)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from libs.common.casework.cases import LONGEST_WORDS
from services.portal.care.clients_forms import DayField
from services.portal.casework.cases.forms import MessageForm
from services.portal.concerns.forms import Ticks
from services.portal.web.forms.text import TextForm


class NoticeForm(TextForm):
    """A breach notice; `notice_id` is the form's own, `version` that of the concern that the page showed."""

    notice_id = HiddenField()
    version = HiddenField()
    words = TextAreaField(
        "What is in breach, and what must be put right?",
        [Length(max=LONGEST_WORDS, message=f"Use {LONGEST_WORDS:,} characters or fewer")],
    )
    due_on = DayField("Last day to answer", [InputRequired("Enter the last day to answer")])
    visits = Ticks("Visits that the notice lists, with their times")

    def about(self, refs: Sequence[str], *, is_new: bool) -> NoticeForm:
        """With the visits to choose from, all of them chosen at first."""
        self.visits.choices = [(ref, ref) for ref in refs]
        if is_new:
            self.visits.data = list(refs)
        return self

    def renewed(self) -> NoticeForm:
        """With an id where it has none, or what is no id."""
        try:
            self.notice_id.data = str(uuid.UUID(self.notice_id.data or ""))
        except ValueError:
            self.notice_id.data = str(uuid.uuid4())
        return self

    def validate_words(self, field: TextAreaField) -> None:
        if not (field.data or "").strip():
            raise ValidationError("Enter what is in breach, and what must be put right")


class AnswerForm(MessageForm):
    """What the provider answers; `message_id` is the answer's id."""

    def labelled(self) -> AnswerForm:
        """With the words of an answer."""
        self.words.label.text = "Your answer"
        return self

    def validate_words(self, field: TextAreaField) -> None:
        if not (field.data or "").strip():
            raise ValidationError("Enter your answer")
