"""The forms of a single visit: its cells, and why it is deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Self

from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from libs.common.seams.ingest.visits import VisitChoices
from services.portal.web.forms.text import TextForm
from services.portal.web.words import REASONS_FOR_DELETION, VISIT_TYPES

OTHER = "Other"
OF_COUNCIL = "The visit was in dispute and its provider did not respond within 7 days"
LONGEST_WORDS = 100
DATES = ("PlannedVisitDate", "DeliveredVisitDate")
RARE = (
    "ClientRef",
    "NHSNumber",
    "ServiceRef",
    "DeliveredEntryTimeIsOverridden",
    "DeliveredEntryTimeOverrideReason",
    "DeliveredExitTimeIsOverridden",
    "DeliveredExitTimeOverrideReason",
    "VarianceReason",
)
"""Cells that most visits leave empty."""


class VisitForm(TextForm):
    """A visit. Its fields are the headings of a file, and the rules of a file judge them (RULES 3, 4).

    ``version`` is the one that was seen, 0 for a visit that is added.
    """

    version = IntegerField()
    VisitRef = StringField("Visit reference")
    PlannedVisitDate = StringField("Planned date")
    PlannedEntryTime = StringField("Planned entry time")
    PlannedExitTime = StringField("Planned exit time")
    VisitType = SelectField("Visit type", validate_choice=False)
    DeliveredVisitDate = StringField("Delivered date")
    DeliveredEntryTime = StringField("Delivered entry time")
    DeliveredExitTime = StringField("Delivered exit time")
    SSRef = StringField("SSRef")
    ServiceLevel = SelectField("Service level", validate_choice=False)
    ServiceName = StringField("Service name")
    CarerRef = StringField("Carer reference")
    Comments = TextAreaField("Comments")
    ClientRef = StringField("Client reference (ClientRef)")
    NHSNumber = StringField("NHS number")
    ServiceRef = StringField("Service reference")
    DeliveredEntryTimeIsOverridden = StringField("Entry time is overridden")
    DeliveredEntryTimeOverrideReason = StringField("Why the entry time is overridden")
    DeliveredExitTimeIsOverridden = StringField("Exit time is overridden")
    DeliveredExitTimeOverrideReason = StringField("Why the exit time is overridden")
    VarianceReason = StringField("Variance reason")

    def offering(self, lists: VisitChoices) -> VisitForm:
        """With the council's visit types and service levels to choose from; what is given stays a choice."""
        types = [(one["ref"], VISIT_TYPES.get(one["ref"], one["ref"])) for one in lists["visit_types"]]
        self.VisitType.choices = _with(
            [("", "Choose a visit type"), *((ref, f"{words} ({ref})") for ref, words in types)],
            self.VisitType.data,
        )
        levels = [("", "Choose a service level"), *((name, name) for name in lists["service_levels"])]
        self.ServiceLevel.choices = _with(levels, self.ServiceLevel.data)
        return self

    def cells(self) -> dict[str, str]:
        """What was typed, by heading."""
        return {name: _typed(self[name].data) for name in self._headings() if name != "VisitRef"}

    def refused(self, errors: Iterable[Mapping[str, str]]) -> list[str]:
        """Put each error beside its field, in the words of the form; those that belong to no field are given back."""
        homeless = []
        for error in errors:
            sentence = self._in_words(error["message"])
            if error["column"] in self._headings():
                field = self[error["column"]]
                field.errors = [*field.errors, sentence]
            else:
                homeless.append(sentence)
        return homeless

    def differences(self, now: Mapping[str, str]) -> list[tuple[str, str]]:
        """Label and present value of each cell that is not what was typed."""
        shown = as_typed(now)
        return [
            (self[name].label.text, shown.get(name, ""))
            for name, text in self.cells().items()
            if text != shown.get(name, "")
        ]

    def sees(self, version: int) -> None:
        """What is sent next replaces this version."""
        self.version.data, self.version.raw_data = version, None

    def _headings(self) -> list[str]:
        return [name for name in self._fields if name[0].isupper()]

    def _in_words(self, sentence: str) -> str:
        for name in sorted(self._headings(), key=len, reverse=True):
            sentence = sentence.replace(name, self[name].label.text)
        return sentence


def as_typed(cells: Mapping[str, str]) -> dict[str, str]:
    """A visit's cells as people type them: the day first."""
    return {name: _day_first(text) if name in DATES else text for name, text in cells.items()}


def labels() -> dict[str, str]:
    """What the form calls each cell, by heading."""
    return {field.name: field.label.text for field in VisitForm(formdata=None) if field.name[0].isupper()}


def as_read(heading: str, text: str) -> str:
    """A cell as people read it: days as they are typed, visit types and Booleans in words."""
    if heading == "VisitType":
        return VISIT_TYPES.get(text, text)
    if heading.endswith("IsOverridden"):
        return {"Y": "Yes", "N": "No"}.get(text, text)
    return as_typed({heading: text})[heading]


def rare_cells(cells: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Label and text of the cells that most visits leave empty, where this one does not."""
    called = labels()
    return tuple((called[name], as_read(name, cells[name])) for name in RARE if cells[name])


class ReasonForm(TextForm):
    """Why visits are deleted (RULES 4)."""

    reason = RadioField(
        "Why is the visit deleted?", validators=[InputRequired("Choose why the visit is deleted")]
    )
    words = StringField(
        "In a few words",
        [Length(max=LONGEST_WORDS, message=f"Use {LONGEST_WORDS} characters or fewer")],
    )

    def for_side(self, *, is_council: bool) -> Self:
        """A dispute without an answer is the council's reason alone."""
        reasons = [*REASONS_FOR_DELETION, *([OF_COUNCIL] if is_council else []), OTHER]
        self.reason.choices = [(reason, reason) for reason in reasons]
        return self

    def validate_words(self, field: StringField) -> None:
        if self.reason.data == OTHER and not (field.data or "").strip():
            raise ValidationError("Say in a few words why the visit is deleted")


class DeletionForm(ReasonForm):
    """Why one visit is deleted. ``version`` is the one that was seen."""

    version = IntegerField()

    def sees(self, version: int) -> None:
        """What is sent next deletes this version."""
        self.version.data, self.version.raw_data = version, None

    def said(self) -> str:
        """The reason that is kept."""
        return reason_kept(str(self.reason.data), self.words.data or "")


def reason_kept(reason: str, words: str) -> str:
    """The reason that is kept of what was chosen, and said beside it."""
    said = words.strip()
    if reason == OTHER:
        return said
    return f"{reason}: {said}" if said else reason


def _typed(text: str | None) -> str:
    """A browser ends the lines of a text by \\r\\n."""
    return (text or "").replace("\r\n", "\n").strip()


def _day_first(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d/%m/%Y}" if text else ""


def _with(choices: list[tuple[str, str]], given: str | None) -> list[tuple[str, str]]:
    known = {value for value, _ in choices}
    return choices if not given or given in known else [*choices, (given, given)]
