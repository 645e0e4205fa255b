"""The demonstration's council: the same each time, and its files are such as the services take."""

import datetime as dt
import random
from pathlib import Path

import pytest

from deploy.dev.demo.care import STORIES, Package, packages
from deploy.dev.demo.dates import Calendar, calendar_on
from deploy.dev.demo.months import SEED, as_care_file, changed_later
from deploy.dev.demo.providers import PROVIDERS, providers_by
from deploy.dev.demo.visits import Row, as_csv, corrected, weeks_of
from services.ingest.rows.reading import read_visits_csv
from services.ingest.rows.rules import check_rows
from services.matching.book.rules import CareRow, parse_care_row
from tests.support.builders.visit_files import reference_from_care

SENDERS = providers_by("Visits")
CALENDAR = calendar_on(dt.date(2026, 11, 26))


def a_council(calendar: Calendar = CALENDAR) -> tuple[list[Package], dict[str, list[list[Row]]]]:
    chance = random.Random(SEED)
    care = packages(chance, calendar)
    return care, {provider.name: list(weeks_of(provider, care, calendar, chance)) for provider in SENDERS}


def care_rows(care: list[Package]) -> list[Row]:
    return [row for package in care for row in package.rows]


def test_it_is_the_same_each_time_but_for_its_days() -> None:
    assert a_council() == a_council()
    care, sent = a_council(calendar_on(dt.date(2030, 1, 1)))
    assert [package.row["SSRef"] for package in care] == [package.row["SSRef"] for package in a_council()[0]]
    assert [len(week) for week in sent[PROVIDERS[0].name]] == [
        len(week) for week in a_council()[1][PROVIDERS[0].name]
    ]


def test_every_row_of_its_care_is_taken() -> None:
    care, _ = a_council()
    rows = care_rows(care)
    changed = changed_later(care, CALENDAR)
    read = [parse_care_row(number, row) for number, row in enumerate(rows + changed, 2)]
    assert [row for row in read if not isinstance(row, CareRow)] == []
    assert len({row["CpliId"] for row in rows}) == len(rows)
    assert {row["Authorised"] for row in rows} == {"Y", "N"}
    assert {row["PaymentMethod"] for row in rows} == {"Visits", "Actuals", "Invoice"}
    assert any(row["Suspensions"] for row in rows)
    assert len(STORIES) < len(care)


@pytest.mark.parametrize("today", [dt.date(2026, 3, 30), dt.date(2026, 11, 26)])
def test_few_of_its_visits_are_rejected_and_some_are(tmp_path: Path, today: dt.date) -> None:
    care, sent = a_council(calendar_on(today))
    file = tmp_path / "care.csv"
    file.write_bytes(as_care_file(care_rows(care)))
    for provider in SENDERS:
        reference = reference_from_care(file, provider.name, provider.carers)
        rows = read_visits_csv(as_csv([row for week in sent[provider.name] for row in week])).rows
        checked = check_rows(rows, reference, today)
        rejected = {error.row for error in checked.errors}
        assert 0.002 < len(rejected) / len(rows) < 0.03, (provider.name, checked.errors[:3])


def test_a_correction_is_of_visits_that_were_sent() -> None:
    _, sent = a_council()
    third = sent[PROVIDERS[0].name][2]
    late = corrected(third, random.Random(0), 5)
    assert {row["VisitRef"] for row in late} <= {row["VisitRef"] for row in third}
    assert [row["Deleted"] for row in late] == ["0"] * 4 + ["1"]
    assert as_csv(late).count(b"\r\n") == 6
