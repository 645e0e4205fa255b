"""Values at the edges of a care file (RULES 2, 3): impossible dates, text that is too long or can't be seen."""

import pytest

from libs.common.files.care_headings import HEADINGS
from libs.common.files.values import LAST_DAY
from services.matching.book.rules import CareError, CareRow, parse_care_row
from services.matching.book.texts import TEXT_LIMITS, cleaned_cells
from services.matching.imports.checks import sum_notes
from tests.support.builders.care import care_cells


def reasons(**changes: str) -> list[tuple[str, str]]:
    found = parse_care_row(7, care_cells(**changes))
    return [] if isinstance(found, CareRow) else [(error.column, error.code) for error in found]


def take_row(**changes: str) -> CareRow:
    found = parse_care_row(7, care_cells(**changes))
    assert isinstance(found, CareRow), found
    return found


@pytest.mark.parametrize("column", sorted(TEXT_LIMITS))
def test_text_over_its_length_rejects_the_row(column: str) -> None:
    codes = reasons(**{column: "x" * (TEXT_LIMITS[column] + 1)})
    assert (column, "too_long") in codes
    assert (column, "too_long") not in reasons(**{column: "x" * TEXT_LIMITS[column]})


def test_identifiers_are_as_long_as_those_of_visits() -> None:
    wanted = {
        "SSRef": 50,
        "NHSNumber": 20,
        "ServiceLevel": 100,
        "ServiceName": 112,
        "OrganisationName": 112,
    }
    assert {name: TEXT_LIMITS[name] for name in wanted} == wanted


@pytest.mark.parametrize("column", ["SSRef", "Surname", "OrganisationName", "ServiceName", "CostCentre"])
@pytest.mark.parametrize("character", ["\x07", "\x85", "\ud83d"])
def test_a_control_character_rejects_the_row(column: str, character: str) -> None:
    assert reasons(**{column: f"a{character}b"}) == [(column, "control_character")]


def test_an_address_may_have_lines() -> None:
    address = "1 High Street\nOxford"
    assert take_row(OrganisationAddress=address).organisation_address == address


@pytest.mark.parametrize("column", ["StartDate", "DateOfBirth", "EffectiveFrom"])
@pytest.mark.parametrize("text", ["01/01/0001", "31/12/9999", "01/01/2100", "31/12/1899"])
def test_an_impossible_date_rejects_the_row(column: str, text: str) -> None:
    assert (column, "date_unreadable") in reasons(**{column: text})


def test_a_date_of_birth_may_lie_in_the_last_century_and_a_start_may_not() -> None:
    assert reasons(DateOfBirth="03/04/1925") == []
    assert reasons(StartDate="31/12/1999") == [("StartDate", "date_unreadable")]
    assert reasons(EndDate="31/12/1999") == [
        ("EndDate", "date_unreadable"),
    ]
    assert reasons(Suspensions="01/01/2022-31/12/9999 away") == [("Suspensions", "date_unreadable")]


@pytest.mark.parametrize("text", ["31/12/9999", "01/01/2100"])
def test_an_end_after_2099_is_none_and_is_noted(text: str) -> None:
    row = take_row(EndDate=text)
    assert row.end_on is None
    assert [(note.row, note.column, note.code) for note in row.notes] == [(7, "EndDate", "end_is_open")]
    last = take_row(EndDate="31/12/2099")
    assert (last.end_on, last.notes) == (LAST_DAY, ())


def test_notes_are_told_by_kind_with_the_first_row_and_how_many() -> None:
    notes = [CareError(row, "1", "EndDate", "end_is_open", f"of row {row}") for row in (3, 5, 9)]
    assert sum_notes(notes) == [{"code": "end_is_open", "rows": 3, "row": 3, "message": "of row 3"}]


def test_what_can_not_be_seen_is_dropped_and_wide_spaces_are_spaces() -> None:
    plain = care_cells(SSRef="A1", ServiceLevel="Personal Care", Surname="Skinner")
    written = dict(plain) | {
        "SSRef": "A\u200b1\u00a0",
        "ServiceLevel": "Personal\u00a0Care\ufeff",
        "StartDate": f"\u2060{plain['StartDate']}",
        "Surname": "Skin\u00adner",
        "Timetable": plain["Timetable"].replace(" ", "\u00a0"),
    }
    cells = cleaned_cells(HEADINGS, [written[heading] for heading in HEADINGS])
    assert parse_care_row(7, cells) == parse_care_row(7, plain)


def test_a_reason_never_repeats_a_whole_novel() -> None:
    found = parse_care_row(7, care_cells(CpliId="x" * 100_000, UnitCost="y" * 100_000))
    assert isinstance(found, list)
    assert max(len(error.ref) + len(error.message) for error in found) < 300


@pytest.mark.parametrize("dash", "‐‑‒–—−")
def test_every_kind_of_dash_stands_between_the_times_of_a_slot(dash: str) -> None:
    assert take_row(Timetable=f"Mon 08:00{dash}09:00").timetable == ((0, 28_800, 32_400),)
