"""When the demonstration takes place, where its example week goes, and what its command says of itself."""

import csv
import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.dev.demo import example
from deploy.dev.demo.dates import calendar_on, calendar_with_example
from libs.common.care.weeks import next_period, period_end_of, period_start_of

DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2090, 1, 1))


@given(DAYS)
def test_its_last_week_is_the_last_one_that_is_over(today: dt.date) -> None:
    calendar = calendar_on(today)
    assert dt.timedelta(1) <= today - calendar.last_day <= dt.timedelta(7)
    assert {monday.weekday() for monday in calendar.mondays} == {0}


@given(DAYS)
def test_what_is_finalised_is_over_and_follows_without_a_gap_until_the_open_period(today: dt.date) -> None:
    calendar = calendar_on(today)
    finished = calendar.finished_periods
    assert period_start_of(calendar.first_monday) == finished[0]
    assert [next_period(start) for start in finished] == [*finished[1:], calendar.open_from]
    assert calendar.open_from <= calendar.mondays[-1] <= period_end_of(calendar.open_from)
    assert 1 <= len(finished) <= 2
    assert period_start_of(calendar.example_monday) in finished
    assert (
        period_start_of(calendar.day(2, 0)) in finished
    )  # whose visits are corrected, and from when an hour is dearer


@given(DAYS)
def test_a_second_demonstration_finds_where_the_first_began(today: dt.date) -> None:
    assert calendar_with_example(calendar_on(today).example_monday) == calendar_on(today)


def test_the_example_is_the_guides_but_for_its_days(tmp_path: Path) -> None:
    monday = dt.date(2026, 11, 2)
    care, carers, (visits,) = example.write_example(tmp_path, monday)
    assert [file.name for file in carers] == ["Diamond Home Care.csv"]
    assert visits.name == "2026-11-02.csv"
    for written, kept in ((care, "care.csv"), (visits, "visits/Diamond Home Care/2022-08-01.csv")):
        before, after = rows_of(example.EXAMPLE / kept), rows_of(written)
        for row, moved in zip(before, after, strict=True):
            differing = {name for name in row if row[name] != moved[name]}
            assert differing == {name for name in example.MOVED if row.get(name)}
    planned = {dt.datetime.strptime(row["PlannedVisitDate"], "%d/%m/%Y").date() for row in rows_of(visits)}
    assert planned == {monday + dt.timedelta(days) for days in range(7)}


@pytest.mark.parametrize(("arguments", "status"), [(("--help",), 0), (("now",), 2)])
def test_asked_for_help_or_what_it_does_not_know_it_starts_nothing(
    tmp_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.dev.demo", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"CARETALLY_HOME": str(tmp_path / "home")},
    )
    assert done.returncode == status
    assert "usage: python -m deploy.dev.demo [-h]" in done.stdout + done.stderr
    assert "Bringing" not in done.stdout
    assert not (tmp_path / "home").exists()


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))
