"""Measures of providers over a month or a quarter, and one provider's, span after span (RULES 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from libs.common.seams.matching.monitoring.measures import AreaMeasures
from services.portal.monitoring.asking import SpanAsked, area_of, measures_of, present_words, span_asked
from services.portal.monitoring.figures import NOTHING, Trend, is_empty, shown, sorted_by, trend_of
from services.portal.monitoring.spans import Span
from services.portal.monitoring.words import BY_KEY, ONE_DIARY_WORDS, MeasureWords
from services.portal.web.access import signed_in
from services.portal.web.calls import (
    gateway,
    is_council,
    matching,
    organisation_chosen,
    organisations_question,
)
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import csv_for_people, file_name
from services.portal.web.downloads.owners import today, whose_name
from services.portal.web.pictures.charts import Chart, chart_of

pages = Blueprint("measures", __name__, url_prefix="/measures")

Row = Mapping[str, Any]
NO_FIGURES: Final[Row] = {}
KINDS: Final = {"quarter": "Quarter", "month": "Month"}


class Cell(NamedTuple):
    """A figure as it is shown, the page of what made it, and how it stands to the last span's."""

    text: str
    link: str | None
    trend: Trend | None


class Column(NamedTuple):
    """A column's heading, by which the list can be sorted: where to, and how it is sorted now."""

    name: str
    link: str
    order: str


@pages.get("")
@signed_in(rights.READ_MEASURES)
def measures() -> ResponseReturnValue:
    """All providers for the council; a provider's own page for a provider."""
    if not is_council():
        return provider()
    asked, client = span_asked(), matching()
    now, before, words, area = gateway().all_four(
        measures_of(client, None, asked.span),
        measures_of(client, None, asked.span.before),
        present_words(client),
        area_of(client, asked.span),
    )
    sort = request.args.get("sort", "")
    sort, is_descending = (sort if sort in BY_KEY else ""), request.args.get("order") == "descending"
    rows = [
        (
            name,
            [cell_of(measure, name, asked.span, figures, before.get(name, NO_FIGURES)) for measure in words],
        )
        for name, figures in sorted_by(now, sort, is_descending=is_descending)
    ]
    return render_template(
        "monitoring/measures.html",
        rows=rows,
        area=area_cells(words, area),
        asked=asked,
        kinds=KINDS,
        columns=columns_of(words, asked, sort, is_descending=is_descending),
        words=words,
        one_diary=ONE_DIARY_WORDS,
        link_of=lambda span: url_for("measures.measures", **asked.query(span), **_sorting()),
    )


@pages.get("/measures.csv")
@signed_in(rights.READ_MEASURES)
def as_csv() -> ResponseReturnValue:
    """A row a provider; for a provider its own."""
    asked, client, whose = span_asked(), matching(), organisation_chosen()
    found, words = gateway().both(measures_of(client, whose, asked.span), present_words(client))
    rows = (
        [name, *("" if row[one.key] is None else row[one.key] for one in words)]
        for name, row in as_rows(found)
    )
    name = file_name(
        "measures",
        "csv",
        provider=whose_name(whose),
        days=(asked.span.first, asked.span.last),
        as_at=today(),
    )
    return csv_for_people(csv_text(["Provider", *map(heading, words)], rows), name)


@pages.get("/provider")
@signed_in(rights.READ_MEASURES)
def provider() -> ResponseReturnValue:
    """One provider's measures, span after span."""
    asked, client, whose = span_asked(), matching(), organisation_chosen()
    if is_council() and whose is None:
        return redirect(url_for("measures.measures", **asked.query()))
    spans = asked.span.with_earlier()
    words, providers, area = gateway().all_three(
        present_words(client), organisations_question(), area_of(client, asked.span)
    )
    found = [next(iter(measures_of(client, whose, span)().items()), ("", NO_FIGURES)) for span in spans]
    name, figures = found[-1][0], [as_row(row) for _, row in found]
    whose = name if is_council() else None
    rows = [
        (
            measure,
            [
                cell_of(measure, whose, span, row, figures[number - 1] if number else NO_FIGURES)
                for number, (span, row) in enumerate(zip(spans, figures, strict=True))
            ],
        )
        for measure in words
    ]
    drawn = next((one for one in words if one.key == request.args.get("measure")), words[5])
    return render_template(
        "monitoring/provider.html",
        name=name,
        named=whose,
        asked=asked,
        kinds=KINDS,
        spans=spans,
        rows=rows,
        area=area_cells(words, area),
        words=words,
        organisations=providers,
        drawn=drawn,
        chart=picture_of(drawn, spans, figures),
        one_diary=ONE_DIARY_WORDS,
        link_of=lambda span: url_for(
            "measures.provider", organisation=whose, **asked.query(span), measure=drawn.key
        ),
    )


def as_row(measures: Any) -> Row:
    """Measures by their keys."""
    found: Row = measures
    return found


def as_rows(found: Mapping[str, Any]) -> Sequence[tuple[str, Row]]:
    """Providers and their measures, by name."""
    return sorted_by(found, "", is_descending=False)


def cell_of(measure: MeasureWords, organisation: str | None, span: Span, now: Row, before: Row) -> Cell:
    """A measure's figure; nothing opens where nothing made it, and nothing is compared with a span without visits.

    organisation: None for a provider's own.
    """
    value = now.get(measure.key)
    link = None
    days: dict[str, Any] = {"from": span.first.isoformat(), "to": span.last.isoformat()}
    if value not in (None, 0, "0.00"):
        link = url_for(
            "measured_visits.visits",
            organisation=organisation,
            measure=measure.key,
            **days,
        )
    trend = None if is_empty(before) else trend_of(measure, value, before.get(measure.key))
    return Cell(shown(measure.unit, value), link, trend)


def area_cells(words: Sequence[MeasureWords], area: AreaMeasures) -> list[Cell] | None:
    """All providers together; None where so few sent visits that one would learn of another."""
    found = area["measures"]
    if found is None:
        return None
    figures = as_row(found)
    return [Cell(shown(one.unit, figures[one.key]), None, None) for one in words]


def columns_of(
    words: Sequence[MeasureWords], asked: SpanAsked, sort: str, *, is_descending: bool
) -> list[Column]:
    """Headings with their links: a measure begins with the largest, the name with the first letter."""
    columns = []
    for key, name in (("", "Provider"), *((one.key, heading(one)) for one in words)):
        is_sorted = key == sort
        turned = not is_descending if is_sorted else bool(key)
        link = url_for(
            "measures.measures",
            **asked.query(),
            sort=key or None,
            order="descending" if turned else None,
        )
        order = ("descending" if is_descending else "ascending") if is_sorted else ""
        columns.append(Column(name, link, order))
    return columns


def heading(measure: MeasureWords) -> str:
    """Logged, per cent"""
    return f"{measure.name}, per cent" if measure.unit == "per cent" else measure.name


def picture_of(measure: MeasureWords, spans: Sequence[Span], figures: Sequence[Row]) -> Chart | None:
    """A measure's figures, span after span."""
    values = [
        (span.short_name, None if row.get(measure.key) is None else Decimal(row[measure.key]))
        for span, row in zip(spans, figures, strict=True)
    ]
    told = ", ".join(
        f"{label}: {NOTHING if value is None else shown(measure.unit, str(value))}" for label, value in values
    )
    in_words = f"{heading(measure)}. {told}. The table has the same figures."
    return chart_of(measure.name, in_words, [(label, [value]) for label, value in values])


def _sorting() -> dict[str, Any]:
    return {name: request.args[name] for name in ("sort", "order") if name in request.args}
