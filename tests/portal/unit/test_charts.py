"""Pictures of bars: what stands where, and that they are told apart, named and said in words."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import StrictUndefined

from services.portal.concerns.chart import LAYOUT as CONCERNS
from services.portal.reports.rendering.chart import LAYOUT as HOURS
from services.portal.web import formats, stacking
from services.portal.web.pictures.charts import (
    AMOUNTS,
    COUNTS,
    ONE_SERIES,
    Chart,
    Layout,
    Scale,
    chart_of,
)

TEMPLATES = Path(__file__).resolve().parents[3] / "services/portal/web/templates"
AMOUNT = st.one_of(st.none(), st.decimals(0, 100_000, places=2))
COUNT = st.integers(0, 10_000).map(Decimal)


def drawn(layout: Layout, *values: tuple[str | None, ...], mark: str | None = None) -> Chart:
    """The picture of these groups, which are called 0, 1, 2, …"""
    labelled = [
        (f"{n}", [None if one is None else Decimal(one) for one in group]) for n, group in enumerate(values)
    ]
    chart = chart_of(
        "Title", "In words.", labelled, layout, (Decimal(mark), f"Wanted: {mark}") if mark else None
    )
    assert chart is not None
    return chart


def html_of(chart: Chart) -> str:
    app = Flask("pictures", template_folder=str(TEMPLATES))
    formats.register(app)
    stacking.register(app)
    app.jinja_env.undefined = StrictUndefined
    page = '{% from "charts.html" import bars %}{{ bars(chart, "by-week") }}'
    with app.app_context():
        return render_template_string(page, chart=chart)


def attributes(html: str, element: str) -> list[dict[str, str]]:
    """Of all elements of this name, in their order."""
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in re.findall(rf"<{element} [^>]*>", html)]


@pytest.mark.parametrize(
    ("scale", "most", "step"),
    [
        (AMOUNTS, "0", "0.25"),
        (AMOUNTS, "3", "1"),
        (AMOUNTS, "4", "1"),
        (AMOUNTS, "5", "1.5"),
        (AMOUNTS, "9", "2.5"),
        (AMOUNTS, "730", "200"),
        (AMOUNTS, "3999", "1000"),
        (COUNTS, "0", "1"),
        (COUNTS, "1", "1"),
        (COUNTS, "5", "1"),
        (COUNTS, "6", "2"),
        (COUNTS, "10", "2"),
        (COUNTS, "11", "5"),
        (COUNTS, "25", "5"),
        (COUNTS, "26", "10"),
        (COUNTS, "101", "50"),
    ],
)
def test_lines_stand_at_round_values(scale: Scale, most: str, step: str) -> None:
    assert scale.step_for(Decimal(most)) == Decimal(step)


@pytest.mark.parametrize(
    ("layout", "most", "lines"),
    [
        (HOURS, "100", ["0", "25", "50", "75", "100"]),
        (HOURS, "2500", ["0", "1,000", "2,000", "3,000", "4,000"]),
        (HOURS, "9", ["0.0", "2.5", "5.0", "7.5", "10.0"]),
        (CONCERNS, "7", ["0", "2", "4", "6", "8"]),
        (CONCERNS, "0", ["0", "1"]),
        (CONCERNS, "60", ["0", "20", "40", "60"]),
    ],
)
def test_lines_of_amounts_are_four_and_those_of_counts_end_with_the_most(
    layout: Layout, most: str, lines: list[str]
) -> None:
    assert [value for _, value in drawn(layout, (most, "0")).lines] == lines


def test_bars_are_as_high_as_their_values_and_stand_side_by_side() -> None:
    first, second = drawn(HOURS, ("100", "50"), ("80", "80")).groups
    assert [[bar.height for bar in group.bars] for group in (first, second)] == [[200, 100], [160, 160]]
    for group in (first, second):
        left, right = group.bars
        assert left.x + left.width == pytest.approx(right.x) == pytest.approx(group.middle)
    assert second.bars[0].x > first.bars[1].x + first.bars[1].width


@given(
    st.one_of(
        st.tuples(st.just(ONE_SERIES), st.lists(st.tuples(AMOUNT), max_size=60)),
        st.tuples(st.just(HOURS), st.lists(st.tuples(AMOUNT, AMOUNT), max_size=60)),
        st.tuples(st.just(CONCERNS), st.lists(st.tuples(COUNT, COUNT), max_size=60)),
    )
)
def test_every_bar_stands_within_its_picture(asked: tuple[Layout, list[tuple[Decimal | None, ...]]]) -> None:
    layout, groups = asked
    chart = chart_of("Title", "In words.", [(f"{n}", values) for n, values in enumerate(groups)], layout)
    if all(value is None for values in groups for value in values):
        assert chart is None
        return
    assert chart is not None
    highest = chart.lines[-1][0]
    for group, values in zip(chart.groups, groups, strict=True):
        for bar, value in zip(group.bars, values, strict=True):
            assert bar.y + bar.height == pytest.approx(chart.base, abs=0.2)
            assert highest - 0.2 <= bar.y <= chart.base
            assert chart.left <= bar.x <= bar.x + bar.width <= chart.width
            assert (bar.height > 0) <= (value is not None)


@pytest.mark.parametrize(("layout", "apart"), [(ONE_SERIES, 84), (HOURS, 52), (CONCERNS, 52)])
@pytest.mark.parametrize("count", [1, 4, 13, 54])
def test_labels_do_not_meet(layout: Layout, apart: int, count: int) -> None:
    chart = drawn(layout, *[("10",) * max(1, len(layout.series))] * count)
    labelled = [group for group in chart.groups if group.label]
    assert labelled[0].label == "0"
    assert all(after.middle - before.middle >= apart - 0.2 for before, after in pairwise(labelled))


def test_a_line_to_compare_with_is_within_the_picture_when_it_is_above_all_bars() -> None:
    chart = drawn(ONE_SERIES, ("7",), ("3.5",), mark="14")
    assert chart.mark is not None
    assert chart.lines[-1][0] <= chart.mark[0] < chart.groups[0].bars[0].y
    html = html_of(chart)
    (dashed,) = [line for line in attributes(html, "line") if "stroke-dasharray" in line]
    assert dashed["y1"] == str(chart.mark[0])
    assert "Wanted: 14" in html


def test_values_stand_above_the_bars_of_one_series_where_they_are_known() -> None:
    one, two = drawn(ONE_SERIES, ("1234.50",), (None,), ("0",)), drawn(HOURS, ("7", "5"))
    assert [bar.value for group in one.groups for bar in group.bars] == ["1,234.50", "", "0"]
    assert {bar.value for group in two.groups for bar in group.bars} == {""}
    assert ">1,234.50</text>" in html_of(one)


def test_a_picture_has_a_name_and_words_for_those_who_do_not_see_it() -> None:
    html = html_of(drawn(HOURS, ("7", "5")))
    (picture,) = attributes(html, "svg")
    assert picture["role"] == "img"
    assert f'<title id="{picture["aria-labelledby"]}">Title</title>' in html
    assert f'<desc id="{picture["aria-describedby"]}">In words.</desc>' in html


@pytest.mark.parametrize(
    ("layout", "names"), [(HOURS, "Planned Delivered"), (CONCERNS, "Concerns Breach notices")]
)
def test_two_series_are_named_and_told_apart_by_a_pattern(layout: Layout, names: str) -> None:
    chart = drawn(layout, ("7", "5"))
    html = html_of(chart)
    (pattern,) = attributes(html, "pattern")
    fills = [one["fill"] for one in attributes(html, "rect")][2:]  # after those that the pattern is made of
    assert fills[:2] == fills[2:]
    assert [fill == f"url(#{pattern['id']})" for fill in fills[:2]] == [
        one.is_hatched for one in layout.series
    ]
    assert len(set(fills)) == 2
    assert " ".join(series.name for _, series in chart.legend) == names
    assert all(f">{series.name}</text>" in html for series in layout.series)
    assert chart.legend[-1][0] + chart.legend[-1][1].legend <= chart.width


def test_one_series_needs_no_pattern() -> None:
    html = html_of(drawn(ONE_SERIES, ("7",)))
    assert attributes(html, "pattern") == []
    assert len(attributes(html, "rect")) == 1
