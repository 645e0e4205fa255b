"""What a report is limited to: read from an address, and said in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.common.files.values import control_character, parse_date
from services.portal.reports.declared import Asking, Filter, Report, Values
from services.portal.web import formats
from services.portal.web.downloads.files import file_name, name_of_period
from services.portal.web.names.organisations import asker_name

LONGEST_LINE = 112


@dataclass
class Asked:
    """A report as it was asked for: its values, what stands in its form, and what is wrong, by the names of filters."""

    report: Report
    filters: tuple[Filter, ...]
    values: Values = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """(label, value) of each filter that limits the report."""
        return [
            (one.label, self._value_in_words(one))
            for one in self.filters
            if self.values.get(one.name) not in (None, False)
        ]

    @property
    def looked_at(self) -> str:
        """All that was looked at: `All providers; Date from: 3 Oct 2022; Date to: 9 Oct 2022`."""
        limits = dict(self.in_words)
        said = (
            f"{one.label}: {limits[one.label]}" if one.label in limits else one.unlimited
            for one in self.filters
        )
        return "; ".join(filter(None, said))

    @property
    def query(self) -> dict[str, str]:
        """The same again, as the query of an address."""
        return {name: text for name, text in self.texts.items() if text}

    def file_name(self, asking: Asking, ending: str) -> str:
        """What its file is called: the report, its client if it is about one, the provider, the days, and today."""
        values = self.values
        what = "-".join(filter(None, [self.report.slug, values.get("client")]))
        provider = asker_name(asking.gateway, asking.caller, values.get("organisation"))
        if start := values.get("period"):
            return name_of_period(what, ending, dt.date.fromisoformat(start), provider, asking.today)
        days = (values["first"], values["last"]) if values.get("first") and values.get("last") else None
        return file_name(what, ending, provider=provider, days=days, as_at=asking.today)

    def _value_in_words(self, one: Filter) -> str:
        value = self.values[one.name]
        if one.kind == "day":
            return formats.day(value)
        if one.kind == "tick":
            return "Yes"
        return dict(self.choices.get(one.name, ())).get(value, str(value))


def read(report: Report, given: Mapping[str, str], asking: Asking, fixed: Values | None = None) -> Asked:
    """What was asked of a report, with its defaults where nothing was said.

    fixed: values that nobody chooses: of filters, which are not offered then, or besides them.
    Raises Refused and ServiceUnavailable.
    """
    filters = tuple(
        one
        for one in report.filters
        if one.name not in (fixed or {}) and (asking.is_council or not one.is_for_council)
    )
    asked = Asked(report, filters, values=dict(fixed or {}))
    # a provider that names an organisation is told by the service whether it may
    asked.values["organisation"] = given.get("organisation", "").strip()[:LONGEST_LINE] or None
    for one in filters:
        text = given.get(one.name, "").strip()[:LONGEST_LINE]
        asked.texts[one.name] = text
        asked.values[one.name], problem = value_of(one, text)
        if problem:
            asked.problems[one.name] = problem
    for name, value in report.defaults(asking, asked.values).items():
        if asked.values.get(name) is None and name not in asked.problems:
            asked.values[name] = value
            asked.texts[name] = value.isoformat() if isinstance(value, dt.date) else str(value)
    _judge_choices(asked, asking)
    if not asked.problems:
        asked.problems = report.check(asked.values, asking.is_council)
    return asked


def value_of(one: Filter, text: str) -> tuple[Any, str | None]:
    """The value of a filter, and what is wrong with it."""
    if one.kind == "tick":
        return bool(text), None
    if not text:
        return None, None
    if one.kind == "day":
        day = parse_date(text)
        if day is None:
            return None, f"{one.label} must be a date from 2000 to 2099, such as 2022-10-03"
        return day, None
    if control_character(text):
        return None, f"{one.label} must be plain text"
    return text, None


def _judge_choices(asked: Asked, asking: Asking) -> None:
    for one in asked.filters:
        if one.choices is None:
            continue
        asked.choices[one.name] = one.choices(asking, asked.values)
        value = asked.values[one.name]
        if value is None or value in dict(asked.choices[one.name]):
            continue
        if one.is_open:
            asked.choices[one.name] = [*asked.choices[one.name], (value, value)]
        else:
            asked.problems[one.name] = f"{one.label}: choose one of the list"
            asked.values[one.name] = None
