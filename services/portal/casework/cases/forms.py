"""The forms of cases: something is said, with files, and a move made by the button that is pressed."""

from __future__ import annotations

import uuid
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from services.portal.casework.cases import attachments
from services.portal.casework.cases.rules import MOST_FILES
from services.portal.web.text_forms import TextForm

LONGEST_WORDS = 8_000


class MessageForm(TextForm):
    """A message. `message_id` is the form's own: sending it twice is saying it once."""

    message_id = HiddenField()
    words = TextAreaField(
        "Your message",
        [Length(max=LONGEST_WORDS, message=f"The message must be {LONGEST_WORDS:,} characters or fewer")],
    )
    files = MultipleFileField("Attachments (optional)")

    needs_words = True

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._read: list[tuple[str, bytes]] = []

    def renewed(self) -> MessageForm:
        """With an id for the message that is written next."""
        if not self.message_id.data:
            self.message_id.data = str(uuid.uuid4())
        return self

    def said(self) -> dict[str, Any]:
        """{"words", "attachments"} of a form without faults; its files are stored by this."""
        return {
            "words": (self.words.data or "").strip(),
            "attachments": attachments.stored(self.id_of_message(), self._read),
        }

    def id_of_message(self) -> uuid.UUID:
        return uuid.UUID(self.message_id.data)

    def validate_message_id(self, field: HiddenField) -> None:
        try:
            uuid.UUID(field.data or "")
        except ValueError:
            raise ValidationError("Go back and open the page again") from None

    def validate_words(self, field: TextAreaField) -> None:
        if self.needs_words and not (field.data or "").strip():
            raise ValidationError("Enter a message")

    def validate_files(self, field: MultipleFileField) -> None:
        self._read = attachments.read(field.data or ())
        if len(self._read) > MOST_FILES:
            raise ValidationError(f"Attach at most {MOST_FILES} files")
        for fault in attachments.faults(self._read):
            raise ValidationError(fault)
