"""What the addresses of pages of monitoring ask for, and the measures that answer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from flask import request

from libs.common.care.clock import london_day
from libs.common.files.values import parse_date
from libs.common.seams.matching.monitoring.measures import AreaMeasures, MeasuresAndWholes
from services.portal.clients.matching import MatchingClient
from services.portal.monitoring.spans import MONTHS, Span, span_of
from services.portal.monitoring.words import DEFAULTS, MeasureWords, measures_in_words
from services.portal.web import access

WRONG_DAY: Final = "Enter any day as a date, such as 2022-10-03"


class SpanAsked(NamedTuple):
    """The span of the address (the running quarter where none is), and what is wrong with its day."""

    span: Span
    problem: str | None

    def query(self, span: Span | None = None) -> dict[str, Any]:
        """By which an address asks for this span, or for another."""
        asked = span or self.span
        return {"span": asked.kind, "day": asked.first.isoformat()}


def span_asked() -> SpanAsked:
    """``?span=quarter&day=2022-10-03``: the month or quarter of any day of it."""
    kind = request.args.get("span", "")
    given = request.args.get("day", "")
    day = parse_date(given)
    span = span_of(kind if kind in MONTHS else "quarter", day or today())
    return SpanAsked(span, WRONG_DAY if given and day is None else None)


def days_asked() -> tuple[dt.date, dt.date]:
    """``?from=…&to=…``: planned days, both included; those of the running quarter where one is missing or wrong."""
    first, last = (parse_date(request.args.get(name, "")) for name in ("from", "to"))
    if first is None or last is None or last < first:
        running = span_of("quarter", today())
        return running.first, running.last
    return first, last


def today() -> dt.date:
    """The council's day."""
    return london_day(access.the_parts().clock())


def measures_of(
    client: MatchingClient, organisation: str | None, span: Span | None
) -> Callable[[], dict[str, MeasuresAndWholes]]:
    """Measures over a span by the provider's name, to be asked by another thread than the page's."""
    if span is None:
        return dict
    first, last = span.first.isoformat(), span.last.isoformat()
    return lambda: client.measures(first=first, last=last, organisation=organisation)


def area_of(client: MatchingClient, span: Span) -> Callable[[], AreaMeasures]:
    """Measures of all providers together, to be asked by another thread than the page's."""
    first, last = span.first.isoformat(), span.last.isoformat()
    return lambda: client.area_measures(first=first, last=last)


def present_words(client: MatchingClient) -> Callable[[], tuple[MeasureWords, ...]]:
    """All measures in words, by the thresholds that hold today."""

    def ask() -> tuple[MeasureWords, ...]:
        values = {one["name"]: one["value"] for one in client.measure_thresholds()}
        return measures_in_words(DEFAULTS | values)

    return ask
