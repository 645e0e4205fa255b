"""The forms of a week of actuals: its lines as they are typed, and why a week is deleted (RULES 13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from libs.common.files.actual_files import hours_text, parse_hours
from libs.common.files.values import shown
from libs.common.seams.ingest.actuals import ActualDocument, ActualLineDocument
from services.portal.actuals.words import NO_TIME, days_in_words
from services.portal.web.forms.text import TextForm

MOST_VISITS = 999
LONGEST_COMMENT = 8_000
LONGEST_REASON = 200
COLUMNS = {
    "Delivered": "delivered",
    "Frustrated": "frustrated",
    "Visits": "visits",
    "Comment": "comment",
    "Day": "delivered",
}
"""The fields that faults are about, by the columns that services name."""

Line = ActualLineDocument


class ActualForm(TextForm):
    """A CPLI's week: of each line what was delivered and frustrated (H:MM), a number of visits and a comment.

    ``version`` is the one that was seen, 0 where nothing was generated. Its lines are set by `form_of`.
    """

    keyed: ClassVar[Mapping[str, Line]] = {}
    version = IntegerField()

    def of_line(self, key: str) -> dict[str, Field]:
        """The fields of a line."""
        return {name: self[f"{name}-{key}"] for name in ("delivered", "frustrated", "visits", "comment")}

    def rows(self) -> list[tuple[str, Line, dict[str, Field]]]:
        """Each line with its key and its fields."""
        return [(key, line, self.of_line(key)) for key, line in self.keyed.items()]

    def is_sent(self, key: str) -> bool:
        """Whether the page that was sent had this line."""
        return bool(self[f"delivered-{key}"].raw_data)

    def complete(self) -> None:
        """Lines that the page did not have yet are shown as they stand."""
        for key, line in self.keyed.items():
            if not self.is_sent(key):
                for name, text in as_typed(line).items():
                    self[f"{name}-{key}"].data = text

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether every time and number can be read; whether the week may be saved is the service's to say."""
        is_right = super().validate(*args, **kwargs)
        for key in filter(self.is_sent, self.keyed):
            fields = self.of_line(key)
            for name in ("delivered", "frustrated"):
                text = fields[name].data or ("" if name == "delivered" else "0:00")
                if parse_hours(text) is None:
                    fields[name].errors = [_no_time(fields[name].label.text, text)]
            if fields["visits"].data and _count(fields["visits"].data) is None:
                label = fields["visits"].label.text
                fields["visits"].errors = [f"{label}: enter a number from 0 to {MOST_VISITS}"]
            if len(fields["comment"].data or "") > LONGEST_COMMENT:
                fields["comment"].errors = [f"Use {LONGEST_COMMENT:,} characters or fewer"]
        return is_right and not self.errors

    def entered(self) -> list[dict[str, Any]]:
        """The lines as they are saved. What was not touched keeps its seconds."""
        return [self._entered(key, line) for key, line in self.keyed.items() if self.is_sent(key)]

    def total(self) -> int:
        """Seconds delivered and frustrated as far as they can be read."""
        times = (self[f"{name}-{key}"].data for key in self.keyed for name in ("delivered", "frustrated"))
        return sum(parse_hours(text or "") or 0 for text in times)

    def remove_hours(self, keys: Iterable[str]) -> None:
        """Nothing was delivered in these lines."""
        for key in keys:
            fields = self.of_line(key)
            fields["delivered"].data = fields["frustrated"].data = "0:00"
            fields["visits"].data = "0"

    def mark_frustrated(self, keys: Iterable[str]) -> None:
        """What was delivered in these lines could not be given; what can't be read stays, and is refused."""
        for key in keys:
            fields = self.of_line(key)
            delivered = parse_hours(fields["delivered"].data or "")
            frustrated = parse_hours(fields["frustrated"].data or "0:00")
            if delivered is not None and frustrated is not None:
                fields["delivered"].data = "0:00"
                fields["frustrated"].data = hours_text(delivered + frustrated)

    def refused(self, errors: Iterable[Mapping[str, str | None]]) -> str | None:
        """Put each error beside its field; what is about the week as a whole is given back."""
        homeless = []
        for error in errors:
            key = next((key for key, line in self.keyed.items() if line["first_on"] == error["line"]), None)
            sentence = str(error["message"])
            if key is None:
                homeless.append(sentence)
            else:
                field = self.of_line(key)[COLUMNS[str(error["column"])]]
                field.errors = [*field.errors, sentence]
        return " ".join(homeless) or None

    def differences(self, now: Sequence[Line]) -> list[tuple[str, str]]:
        """Label and present value of what is not as it was typed."""
        shown_now = {key_of(line): as_typed(line) for line in now}
        return [
            (field.label.text, shown_now[key][name])
            for key in filter(self.is_sent, self.keyed)
            for name, field in self.of_line(key).items()
            if key in shown_now and _lines(field.data) != shown_now[key][name]
        ]

    def sees(self, version: int) -> None:
        """What is sent next replaces this version."""
        self.version.data, self.version.raw_data = version, None

    def _entered(self, key: str, line: Line) -> dict[str, Any]:
        fields = self.of_line(key)
        return {
            "first_on": line["first_on"],
            "last_on": line["last_on"],
            "delivered_seconds": _seconds(fields["delivered"].data, line["delivered_seconds"]),
            "frustrated_seconds": _seconds(fields["frustrated"].data, line["frustrated_seconds"]),
            "visits": _count(fields["visits"].data or ""),
            "comment": _lines(fields["comment"].data),
        }


class DeletionForm(TextForm):
    """Why nothing was delivered in a week. ``version`` is the one that was seen."""

    version = IntegerField()
    reason = StringField(
        "Why was nothing delivered?",
        [
            InputRequired("Say why nothing was delivered"),
            Length(max=LONGEST_REASON, message=f"Use {LONGEST_REASON} characters or fewer"),
        ],
    )

    def sees(self, version: int) -> None:
        """What is sent next deletes this version."""
        self.version.data, self.version.raw_data = version, None


def form_of(actual: ActualDocument) -> ActualForm:
    """The form of a week: as it stands, or as it was sent."""
    keyed = {key_of(line): line for line in actual["lines"]}
    fields: dict[str, Any] = {"keyed": keyed}
    for key, line in keyed.items():
        days = days_in_words(line)
        fields[f"delivered-{key}"] = StringField(f"Delivered, {days}")
        fields[f"frustrated-{key}"] = StringField(f"Frustrated, {days}")
        fields[f"visits-{key}"] = StringField(f"Visits, {days}")
        fields[f"comment-{key}"] = TextAreaField(f"Comment, {days}")
    kind = type("ActualFormOfWeek", (ActualForm,), fields)
    given = {f"{name}-{key}": text for key, line in keyed.items() for name, text in as_typed(line).items()}
    form: ActualForm = kind(data={"version": actual["version"], **given})
    form.complete()
    return form


def key_of(line: Line) -> str:
    """What tells a line from the others of its week."""
    is_day = line["first_on"] == line["last_on"]
    return line["first_on"] if is_day else f"{line['first_on']}_{line['last_on']}"


def as_typed(line: Line) -> dict[str, str]:
    """A line as people type it."""
    return {
        "delivered": hours_text(line["delivered_seconds"]),
        "frustrated": hours_text(line["frustrated_seconds"]),
        "visits": "" if line["visits"] is None else str(line["visits"]),
        "comment": line["comment"],
    }


def _seconds(text: str | None, before: int) -> int:
    """Of a time that can be read; empty is nothing. What says the same as before is the same, to the second."""
    return before if text == hours_text(before) else parse_hours(text or "0:00") or 0


def _lines(text: str | None) -> str:
    """A browser ends the lines of a text by \\r\\n."""
    return (text or "").replace("\r\n", "\n").strip()


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _no_time(label: str, text: str) -> str:
    if not text:
        return f"{label}: enter hours and minutes, 0:00 for none"
    return NO_TIME.format(label=label, value=shown(text))
