"""Trends of concerns by month, kind, provider and group of providers (RULES 16). Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from libs.common.seams.disputes.concerns import ConcernGroup, Trend
from services.portal.concerns.chart import Month

MONTHS_SHOWN = 12


class Line(NamedTuple):
    """A row of a table: what it is called and named by, concerns in each month, in all, and breach notices in all."""

    name: str
    key: str
    by_month: list[int]
    concerns: int
    breach_notices: int


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of the months from one to another."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return found


def months_back(day: dt.date, count: int) -> dt.date:
    """The first day of the month so many months before a day's."""
    months = day.year * 12 + day.month - 1 - count
    return dt.date(months // 12, months % 12 + 1, 1)


def last_of_month(month: dt.date) -> dt.date:
    """The last day of a month, by its first."""
    return months_back(month, -1) - dt.timedelta(days=1)


def by_month(rows: Iterable[Trend], months: Sequence[dt.date]) -> list[Month]:
    """What each month had."""
    concerns, notices = Counter[str](), Counter[str]()
    for row in rows:
        concerns[row["month"]] += row["concerns"]
        notices[row["month"]] += row["breach_notices"]
    return [Month(month, concerns[month.isoformat()], notices[month.isoformat()]) for month in months]


def by_kind(rows: Iterable[Trend], months: Sequence[dt.date]) -> list[Line]:
    """A line for each kind, the most concerns first."""
    return _lines(rows, months, lambda row: [(row["kind"], row["kind"])])


def by_provider(rows: Iterable[Trend], months: Sequence[dt.date], names: Mapping[str, str]) -> list[Line]:
    """A line for each provider, the most concerns first; names: by id."""
    return _lines(
        rows,
        months,
        lambda row: [(names.get(row["organisation_id"], row["organisation_id"]), row["organisation_id"])],
    )


def by_group(rows: Iterable[Trend], months: Sequence[dt.date], groups: Sequence[ConcernGroup]) -> list[Line]:
    """A line for each group with concerns: a provider counts in each group that it is in."""
    return _lines(
        rows,
        months,
        lambda row: [
            (group["name"], group["group_id"])
            for group in groups
            if row["organisation_id"] in group["organisation_ids"]
        ],
    )


def _lines(
    rows: Iterable[Trend], months: Sequence[dt.date], named: Callable[[Trend], list[tuple[str, str]]]
) -> list[Line]:
    counted: dict[tuple[str, str], Counter[str]] = {}
    notices = Counter[tuple[str, str]]()
    for row in rows:
        for of in named(row):
            counted.setdefault(of, Counter())[row["month"]] += row["concerns"]
            notices[of] += row["breach_notices"]
    found = [
        Line(
            name,
            key,
            [of_months[month.isoformat()] for month in months],
            of_months.total(),
            notices[name, key],
        )
        for (name, key), of_months in counted.items()
    ]
    return sorted(found, key=lambda line: (-line.concerns, -line.breach_notices, line.name.casefold()))
