"""The form of a client list that is to be checked."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired

from libs.common.files.decoding import FileRefused
from services.portal.visits.client_lists.views import MOST_LINES, identifiers_in_file, identifiers_in_text
from services.portal.web.forms.text import TextForm

NOTHING = "Choose a file, or paste the SSRefs of your clients"
TOO_MANY = f"Check at most {MOST_LINES:,} clients at once"


class ClientListForm(TextForm):
    """A file, or pasted SSRefs; nothing of it is kept."""

    organisation = SelectField("Provider", [InputRequired("Choose whose clients these are")], coerce=str)
    file = FileField("Client list as a CSV file")
    lines = TextAreaField("Or paste SSRefs, one on each line")

    def for_council(self, names: Sequence[str]) -> ClientListForm:
        """The council says whose clients these are."""
        self.organisation.choices = [("", "Choose a provider"), *((name, name) for name in names)]
        return self

    def for_provider(self) -> ClientListForm:
        """A provider's clients are its own."""
        del self.organisation
        return self

    def identifiers(self) -> list[str]:
        """What is to be checked; empty, with a sentence beside its field, when that can't be."""
        field, found = self.lines, []
        try:
            if self.file.data:
                field, found = self.file, identifiers_in_file(self.file.data.read())
            else:
                found = identifiers_in_text(self.lines.data or "")
        except FileRefused as refusal:
            field.errors = [refusal.message]
            return []
        if not found or len(found) > MOST_LINES:
            field.errors = [TOO_MANY if found else NOTHING]
            return []
        return found
