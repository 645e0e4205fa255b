"""The demonstration's council: the same each time, and its files are such as the services take."""

import random
from pathlib import Path

from deploy.dev.demo.care import LAST_DAY, PROVIDERS, STORIES, Package, packages
from deploy.dev.demo.months import SEED, as_care_file, changed_later
from deploy.dev.demo.visits import Row, as_csv, corrected, weeks_of
from services.ingest.rows.reading import read_visits_csv
from services.ingest.rows.rules import check_rows
from services.matching.book.rules import CareRow, parse_care_row
from tests.support.visit_files import reference_from_care


def a_council() -> tuple[list[Package], dict[str, list[list[Row]]]]:
    chance = random.Random(SEED)
    care = packages(chance)
    return care, {provider.name: list(weeks_of(provider, care, chance)) for provider in PROVIDERS}


def care_rows(care: list[Package]) -> list[Row]:
    return [row for package in care for row in package.rows]


def test_it_is_the_same_each_time() -> None:
    assert a_council() == a_council()


def test_every_row_of_its_care_is_taken() -> None:
    care, _ = a_council()
    rows = care_rows(care)
    read = [parse_care_row(number, row) for number, row in enumerate(rows + changed_later(care), 2)]
    assert [row for row in read if not isinstance(row, CareRow)] == []
    assert len({row["CpliId"] for row in rows}) == len(rows)
    assert {row["Authorised"] for row in rows} == {"Y", "N"}
    assert {row["PaymentMethod"] for row in rows} == {"Visits", "Invoice"}
    assert any(row["Suspensions"] for row in rows)
    assert len(STORIES) < len(care)


def test_few_of_its_visits_are_rejected_and_some_are(tmp_path: Path) -> None:
    care, sent = a_council()
    file = tmp_path / "care.csv"
    file.write_bytes(as_care_file(care_rows(care)))
    for provider in PROVIDERS:
        reference = reference_from_care(file, provider.name, provider.carers)
        rows = read_visits_csv(as_csv([row for week in sent[provider.name] for row in week])).rows
        checked = check_rows(rows, reference, LAST_DAY)
        rejected = {error.row for error in checked.errors}
        assert 0.002 < len(rejected) / len(rows) < 0.03, (provider.name, checked.errors[:3])


def test_a_correction_is_of_visits_that_were_sent() -> None:
    _, sent = a_council()
    third = sent[PROVIDERS[0].name][2]
    late = corrected(third, random.Random(0), 5)
    assert {row["VisitRef"] for row in late} <= {row["VisitRef"] for row in third}
    assert [row["Deleted"] for row in late] == ["0"] * 4 + ["1"]
    assert as_csv(late).count(b"\r\n") == 6
