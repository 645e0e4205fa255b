"""The forms of cases: something is said, with files, and a move made by the button that is pressed."""

from __future__ import annotations

import uuid
from typing import Any, Self, TypedDict

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from libs.common.casework.cases import LONGEST_WORDS, MOST_ATTACHMENTS
from libs.common.seams.disputes.cases import SentAttachment
from services.portal.casework.cases import attachments
from services.portal.casework.cases.words import WORDS
from services.portal.web.access import caller, the_parts
from services.portal.web.forms.text import TextForm


class Said(TypedDict):
    """What somebody says with a form: words, and stored files."""

    words: str
    attachments: list[SentAttachment]


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

    def renewed(self) -> Self:
        """With an id for the message that is written next."""
        if not self.message_id.data:
            self.message_id.data = str(uuid.uuid4())
        return self

    def for_move(self, kind: str, move: str) -> Self:
        """As it is judged when the button of this move was pressed."""
        self.needs_words = WORDS[kind].needs_words(move)
        return self

    def said(self) -> Said:
        """What a form without faults says; its files are stored by this."""
        return {
            "words": (self.words.data or "").strip(),
            "attachments": attachments.store_files(the_parts(), caller(), self.id_of_message(), self._read),
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
        self._read = attachments.read_files(field.data or ())
        if len(self._read) > MOST_ATTACHMENTS:
            raise ValidationError(f"Attach at most {MOST_ATTACHMENTS} files")
        for fault in attachments.find_faults(self._read):
            raise ValidationError(fault)
