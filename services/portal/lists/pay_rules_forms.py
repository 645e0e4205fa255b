"""The form of a contract's pay rules: rows of plain fields, and how they become what payments takes (RULES 6)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from libs.common.files.values import parse_time
from libs.common.seams.payments.pay_rules import BandData, PayRulesData, RateData, SpecialDayData
from services.portal.lists.forms import a_day
from services.portal.lists.pay_rules_words import DAYS, WAYS
from services.portal.web.forms.text import TextForm

ROWS: Final = {"band": 6, "rate": 8, "special": 4}
"""How many rows of each kind are shown at least."""
FREE_ROWS: Final = 3
MOST_ROWS: Final = 60
PARTS: Final = {"bands": "band", "rates": "rate", "special_days": "special"}
"""The kinds of rows, by what payments calls them."""
MOST_MINUTES: Final = 1440
_RATE = re.compile(r"£?([0-9]{1,6}(?:\.[0-9]{1,9})?)")
_PERCENT = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?) ?%")


def _minutes(_: FlaskForm, field: Field) -> None:
    text = (field.data or "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST_MINUTES):
        raise ValidationError(f"Enter whole minutes, 0 to {MOST_MINUTES:,}")


def _time(_: FlaskForm, field: Field) -> None:
    text = (field.data or "").strip()
    if text and parse_time(text) is None:
        raise ValidationError("Enter a time of day, such as 18:00")


def _rate(_: FlaskForm, field: Field) -> None:
    text = (field.data or "").strip()
    if text and not (_RATE.fullmatch(text) or _PERCENT.fullmatch(text)):
        raise ValidationError("Enter pounds an hour, such as 24.50, or a percentage, such as 150%")


def _day_if_any(form: FlaskForm, field: Field) -> None:
    if field.data:
        a_day(form, field)


def _name(_: FlaskForm, field: Field) -> None:
    text = (field.data or "").strip()
    if len(text) > 60:
        raise ValidationError("Enter a name of 60 characters or fewer")


FIELDS: Final = {
    "band": (
        ("first", "from minute", _minutes),
        ("last", "to minute", _minutes),
        ("pay", "minutes paid", _minutes),
    ),
    "rate": (
        ("day", "day", None),
        ("entry_from", "planned entry from", _time),
        ("entry_to", "planned entry before", _time),
        ("up_to", "up to so many minutes paid", _minutes),
        ("rate", "rate", _rate),
    ),
    "special": (("on", "date", _day_if_any), ("name", "name", _name)),
}
"""The fields of a row of each kind: name, words, what checks it."""


class PayRulesForm(TextForm):
    """The fields that are there once; `form_with_rows` adds those of rows."""

    effective_from = StringField("First planned date", [InputRequired("Enter the first planned date"), a_day])
    rounding_minutes = StringField("Round to so many minutes", [_minutes])
    rounding_way = SelectField("Which way", choices={"": "Not rounded", **WAYS})
    cap = StringField("Minutes over the planned time that are paid", [_minutes])
    minimum = StringField("Minutes that a visit pays at least", [_minutes])

    def row(self, kind: str, number: int) -> list[Field]:
        """The fields of one row."""
        return [self[f"{kind}_{number}_{name}"] for name, *_ in FIELDS[kind]]

    def rows(self, kind: str) -> Iterator[tuple[int, list[Field]]]:
        """Every row of a kind by its number, from 1."""
        number = 1
        while f"{kind}_{number}_{FIELDS[kind][0][0]}" in self:
            yield number, self.row(kind, number)
            number += 1

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Each field by itself, then what belongs together."""
        is_valid = super().validate(*args, **kwargs)
        if bool(self.rounding_way.data) != bool(_text(self.rounding_minutes)):
            _add(self.rounding_minutes, "Enter both the minutes and the way of rounding, or neither")
            is_valid = False
        elif self.rounding_way.data and _text(self.rounding_minutes) == "0":
            _add(self.rounding_minutes, "Enter one minute or more")
            is_valid = False
        for kind, needed in (("band", ("first", "pay")), ("rate", ("rate",)), ("special", ("on", "name"))):
            for number in self.numbers(kind):
                for name in needed:
                    field = self[f"{kind}_{number}_{name}"]
                    if not _text(field):
                        _add(field, f"Enter the {_words(kind, name)}, or empty the whole row")
                        is_valid = False
        return is_valid

    def numbers(self, kind: str) -> list[int]:
        """The rows of a kind in which something is filled in (a day alone is nothing)."""
        return [
            number
            for number, fields in self.rows(kind)
            if any(_text(field) for field in fields if not isinstance(field, SelectField))
        ]

    def rules(self) -> PayRulesData:
        """As payments takes them; of a form that is valid."""
        way, minutes = self.rounding_way.data, _text(self.rounding_minutes)
        return {
            "bands": [self._band_of(number) for number in self.numbers("band")],
            "rounding": {"way": way, "minutes": int(minutes)} if way else None,
            "cap": _number(self.cap),
            "minimum": _number(self.minimum),
            "rates": [self._rate_of(number) for number in self.numbers("rate")],
            "special_days": [self._special_day_of(number) for number in self.numbers("special")],
        }

    def _band_of(self, number: int) -> BandData:
        first, last, pay = self.row("band", number)
        return {"first": int(_text(first)), "last": _number(last), "pay": int(_text(pay))}

    def _special_day_of(self, number: int) -> SpecialDayData:
        on, name = self.row("special", number)
        return {"on": _text(on), "name": _text(name)}

    def _rate_of(self, number: int) -> RateData:
        cells = {name: _text(self[f"rate_{number}_{name}"]) for name, *_ in FIELDS["rate"]}
        percent, pounds = _PERCENT.fullmatch(cells["rate"]), _RATE.fullmatch(cells["rate"])
        return {
            "day": cells["day"],
            "entry_from": cells["entry_from"] or None,
            "entry_to": cells["entry_to"] or None,
            "up_to": int(cells["up_to"]) if cells["up_to"] else None,
            "unit_cost": pounds[1] if pounds else None,
            "percent": percent[1] if percent else None,
        }

    def blame(self, fault: Mapping[str, Any]) -> None:
        """Put a fault that payments found beside the row that it is about."""
        kind = PARTS[fault["part"]]
        number = self.numbers(kind)[fault["row"]]
        _add(self.row(kind, number)[0], fault["sentence"])


def form_with_rows(counts: Mapping[str, int], data: Mapping[str, Any] | None = None) -> PayRulesForm:
    """A form with so many rows of each kind; `data` fills it where it is looked at first."""
    fields: dict[str, Any] = {}
    for kind, count in counts.items():
        for number in range(1, min(count, MOST_ROWS) + 1):
            for name, words, check in FIELDS[kind]:
                label = f"{ROW_WORDS[kind]} {number}: {words}"
                if name == "day":
                    field: Any = SelectField(label, choices=dict(DAYS))
                else:
                    field = StringField(label, [check] if check else [])
                fields[f"{kind}_{number}_{name}"] = field
    made: type[PayRulesForm] = type("PayRulesFormWithRows", (PayRulesForm,), fields)
    return made(data=data)


ROW_WORDS: Final = {"band": "Band", "rate": "Rate", "special": "Special day"}


def counts_of(rules: Mapping[str, Any]) -> dict[str, int]:
    """How many rows to show for these rules: theirs, and some that are free."""
    return {kind: max(ROWS[kind], len(rules[part]) + FREE_ROWS) for part, kind in PARTS.items()}


def counts_in(names: Container[str]) -> dict[str, int]:
    """How many rows a form had that was sent, from the names of its fields."""
    return {
        kind: next(
            (n - 1 for n in range(1, MOST_ROWS + 1) if f"{kind}_{n}_{fields[0][0]}" not in names), MOST_ROWS
        )
        for kind, fields in FIELDS.items()
    }


def data_of(rules: Mapping[str, Any]) -> dict[str, Any]:
    """What fields hold where a contract has these rules."""
    rounding = rules["rounding"] or {"way": "", "minutes": None}
    data: dict[str, Any] = {
        "rounding_way": rounding["way"],
        "rounding_minutes": rounding["minutes"],
        "cap": rules["cap"],
        "minimum": rules["minimum"],
    }
    for part, kind in PARTS.items():
        for number, row in enumerate(rules[part], 1):
            cells = dict(row) | ({"rate": rate_text(row)} if kind == "rate" else {})
            data |= {f"{kind}_{number}_{name}": cells[name] for name, *_ in FIELDS[kind]}
    return {name: "" if value is None else str(value) for name, value in data.items()}


def rate_text(row: Mapping[str, Any]) -> str:
    """A rate as it is typed: 24.50 or 150%."""
    return str(row["unit_cost"]) if row["unit_cost"] is not None else f"{row['percent']}%"


def _text(field: Field) -> str:
    return (field.data or "").strip()


def _number(field: Field) -> int | None:
    text = _text(field)
    return int(text) if text else None


def _words(kind: str, name: str) -> str:
    return next(words for one, words, _ in FIELDS[kind] if one == name)


def _add(field: Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]
