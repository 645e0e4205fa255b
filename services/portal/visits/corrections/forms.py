"""The form of some rejected rows: each with the 25 columns of a file, which are judged as those of a file."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired

from libs.common.files.objects import digest_of
from libs.common.files.values import cleaned
from libs.common.files.visit_headings import HEADINGS
from services.portal.visits.corrections.rows import RejectedRow
from services.portal.visits.forms import labels
from services.portal.web.forms.text import TextForm

LONG: Final = (
    "Comments",
    "VarianceReason",
    "DeliveredEntryTimeOverrideReason",
    "DeliveredExitTimeOverrideReason",
)
"""Columns whose text may have lines."""
LABELS: Final = {
    "VisitRef": "Visit reference",
    "Deleted": "Deleted",
    "ServiceLevelRef": "Service level reference",
    "OrganisationRef": "Organisation reference",
    "OrganisationName": "Organisation",
}
"""Of the columns that the form of a single visit does not have."""
MAIN: Final = (
    "VisitRef",
    "PlannedVisitDate",
    "PlannedEntryTime",
    "PlannedExitTime",
    "VisitType",
    "SSRef",
)
"""Columns by which people know a visit again: shown whatever is wrong."""


class CorrectionForm(TextForm):
    """Some rejected rows. ``check_version`` is the check that rejected them; ``seed`` is the form's own: sending it twice
    is sending once. Made by `form_of`, which adds the fields of the rows.
    """

    check_version = IntegerField(validators=[InputRequired()])
    seed = HiddenField()

    def renewed(self) -> CorrectionForm:
        """With a new seed, for a page that is looked at."""
        self.seed.data = str(uuid.uuid4())
        return self

    def file_id(self, content: bytes) -> uuid.UUID:
        """The same for the same rows sent twice from one page; another for others."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed.data}/{digest_of(content)}")

    def is_sound(self) -> bool:
        """Whether it was sent by its page. What is wrong in the cells is for the check to say."""
        self.validate()
        return not (self.errors.keys() & {"csrf_token", "check_version"})

    def cells_of(self, row: RejectedRow) -> dict[str, str]:
        """What was typed for a row, by heading; what the form does not say stays as it was sent."""
        return {heading: self._typed(row, heading) for heading in HEADINGS}

    def is_changed(self, row: RejectedRow) -> bool:
        """Whether anything in a row is not what was sent, spaces aside."""
        return any(
            text != _plain(heading, row.cells.get(heading, ""))
            for heading, text in self.cells_of(row).items()
        )

    def show_whys(self, row: RejectedRow) -> list[str]:
        """Put why the row was rejected beside its fields, in their words; what belongs to none is given back."""
        homeless = []
        for why in row.whys:
            sentence = in_words(why.message)
            if why.column in HEADINGS:
                field = self[name_of(row.row, why.column)]
                field.errors = [*field.errors, sentence]
            else:
                homeless.append(sentence)
        return homeless

    def _typed(self, row: RejectedRow, heading: str) -> str:
        text = self[name_of(row.row, heading)].data
        return _plain(heading, row.cells.get(heading, "") if text is None else text)


def form_of(rows: Sequence[RejectedRow], **given: Any) -> CorrectionForm:
    """The form of these rows, with what they say; or with what was typed, where it was sent."""
    called = columns()
    fields: dict[str, Any] = {}
    for row in rows:
        for heading in HEADINGS:
            kind = TextAreaField if heading in LONG else StringField
            fields[name_of(row.row, heading)] = kind(called[heading])
            given[name_of(row.row, heading)] = row.cells.get(heading, "")
    made: CorrectionForm = type("CorrectionForm", (CorrectionForm,), fields)(**given)
    return made


def name_of(row: int, heading: str) -> str:
    """The name of a row's field."""
    return f"r{row}-{heading}"


def columns() -> Mapping[str, str]:
    """What people call each column, by heading."""
    return {**LABELS, **{name: label for name, label in labels().items() if name in HEADINGS}}


def in_words(sentence: str) -> str:
    """What is said of a row, with the columns called as beside their fields."""
    called = columns()
    for heading in sorted(called, key=len, reverse=True):
        sentence = sentence.replace(heading, called[heading])
    return sentence


def _plain(heading: str, text: str) -> str:
    """As forms take text: a browser ends lines by \\r\\n."""
    return cleaned(text.replace("\r\n", "\n"), is_prose=heading in LONG)
