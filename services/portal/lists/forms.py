"""The forms of the council's lists: service levels, visit types, and a visit to try out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from libs.common.files.values import cleaned, parse_date, parse_time
from libs.common.seams.matching.lists import ServiceLevel, VisitType, VisitTypeChange
from services.portal.web.forms.text import TextForm

LONGEST_NAME = 100
MOST_ALIASES = 50
BASES = {"delivered": "Delivered time", "planned": "Planned time, as frustrated", "": "Neither"}


def a_day(_: FlaskForm, field: StringField) -> None:
    """A date as the browser's own field sends it."""
    text = field.data or ""
    day = parse_date(text)
    if day is None or day.isoformat() != text:
        raise ValidationError("Enter a date from 2000 to 2099, such as 2022-10-03")


def a_time(_: FlaskForm, field: StringField) -> None:
    """A time of day as visits files write it."""
    if parse_time((field.data or "").strip()) is None:
        raise ValidationError("Enter a time of day, such as 09:00")


def lines_of(text: str | None) -> list[str]:
    """The lines that hold something."""
    return list(filter(None, map(cleaned, (text or "").splitlines())))


class LevelFacts(TypedDict):
    """What is asked for of a service level."""

    name: str
    ref: str | None
    requires_visits: bool
    aliases: list[str]


class ServiceLevelForm(TextForm):
    """A service level, changed or added."""

    name = StringField(
        "Name",
        [
            InputRequired("Enter the name"),
            Length(max=LONGEST_NAME, message="Name must be 100 characters or fewer"),
        ],
    )
    ref = StringField(
        "ServiceLevelRef", [Length(max=50, message="ServiceLevelRef must be 50 characters or fewer")]
    )
    requires_visits = BooleanField("Visits data is required")
    aliases = TextAreaField("Aliases")

    def validate_aliases(self, field: TextAreaField) -> None:
        lines = lines_of(field.data)
        if len(lines) > MOST_ALIASES:
            raise ValidationError(f"Enter {MOST_ALIASES} aliases or fewer")
        for line in lines:
            if len(line) > LONGEST_NAME:
                raise ValidationError(f"Shorten “{line[:30]}…” to {LONGEST_NAME} characters or fewer")

    def filled(self, level: ServiceLevel) -> ServiceLevelForm:
        """With what the list has, for a page that is looked at."""
        self.name.data, self.ref.data = level["name"], level["ref"] or ""
        self.requires_visits.data = level["requires_visits"]
        self.aliases.data = "\n".join(level["aliases"])
        return self

    def facts(self) -> LevelFacts:
        """As matching takes them; the service level's key apart."""
        return {
            "name": (self.name.data or "").strip(),
            "ref": (self.ref.data or "").strip().upper() or None,
            "requires_visits": bool(self.requires_visits.data),
            "aliases": lines_of(self.aliases.data),
        }


class VisitTypeForm(TextForm):
    """Whether a visit type is paid and charged, on which time, and for visits planned from which day on."""

    effective_from = StringField("First planned date", [InputRequired("Enter the first planned date"), a_day])
    paid = BooleanField("Paid to the provider")
    charged = BooleanField("Charged to the client")
    basis = RadioField("Time that is paid and charged", choices=BASES, validators=[Optional()])

    def facts(self) -> VisitTypeChange:
        """As matching takes them; the visit type's ref apart."""
        return {
            "effective_from": str(self.effective_from.data),
            "paid": bool(self.paid.data),
            "charged": bool(self.charged.data),
            "basis": self.basis.data or "",
        }


class TriedVisit(TypedDict):
    """A visit to price."""

    planned_on: str
    visit_type: str
    unit_cost: str
    planned_entry: str
    planned_exit: str
    delivered_entry: str | None
    delivered_exit: str | None


class TryForm(TextForm):
    """A visit to price. It only asks, so it stands in the address and needs no token."""

    class Meta:
        csrf = False

    planned_on = StringField("Planned date", [InputRequired("Enter the planned date"), a_day])
    planned_entry = StringField("Planned entry", [InputRequired("Enter the planned entry"), a_time])
    planned_exit = StringField("Planned exit", [InputRequired("Enter the planned exit"), a_time])
    visit_type = SelectField("Visit type")
    delivered_entry = StringField("Delivered entry", [Optional(), a_time])
    delivered_exit = StringField("Delivered exit", [Optional(), a_time])
    unit_cost = StringField(
        "Unit cost in pounds an hour",
        [
            InputRequired("Enter the unit cost of the care package line item"),
            Regexp(
                r"^\s*£?[0-9]{1,6}(\.[0-9]{1,9})?\s*$", message="Enter a unit cost in pounds, such as 23.226"
            ),
        ],
    )

    def of_types(self, types: Sequence[VisitType]) -> TryForm:
        """With the council's visit types to choose from."""
        self.visit_type.choices = {kind["ref"]: f"{kind['ref']}: {kind['name']}" for kind in types}
        return self

    def validate_planned_exit(self, field: StringField) -> None:
        if parse_time((field.data or "").strip()) == parse_time((self.planned_entry.data or "").strip()):
            raise ValidationError("Enter an exit that is not the entry")

    def validate_delivered_exit(self, field: StringField) -> None:
        entry, exit_ = (self.delivered_entry.data or "").strip(), (field.data or "").strip()
        if entry and parse_time(entry) == parse_time(exit_):
            raise ValidationError("Enter an exit that is not the entry")

    def facts(self) -> TriedVisit:
        """As payments takes them; the contract apart."""
        return {
            "planned_on": self.planned_on.data or "",
            "visit_type": self.visit_type.data,
            "unit_cost": (self.unit_cost.data or "").strip().lstrip("£"),
            "planned_entry": (self.planned_entry.data or "").strip(),
            "planned_exit": (self.planned_exit.data or "").strip(),
            "delivered_entry": (self.delivered_entry.data or "").strip() or None,
            "delivered_exit": (self.delivered_exit.data or "").strip() or None,
        }
