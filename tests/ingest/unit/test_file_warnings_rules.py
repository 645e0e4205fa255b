"""What is doubtful in a visits file as a whole: each warning of RULES 3, and what is no reason for it."""

import datetime as dt
from typing import Any

import pytest

from libs.common.files.warnings import FileWarning
from services.ingest.rows.rules import check_rows
from tests.support.builders.visit_files import a_reference, a_row, an_undelivered_row

TODAY = dt.date(2022, 8, 15)
Row = tuple[str, ...]


def find_warnings(*rows: Row, today: dt.date = TODAY) -> dict[str, FileWarning]:
    """The warnings for a file of these rows, by code; each is there once."""
    warnings = check_rows(list(enumerate(rows, 2)), a_reference(), today).file_warnings
    assert len({one.code for one in warnings}) == len(warnings)
    assert all(one.message.endswith(".") for one in warnings)
    return {one.code: one for one in warnings}


def rows_of(warning: FileWarning) -> tuple[int | None, int | None]:
    return warning.rows, warning.row


def several(count: int, **cells: Any) -> list[Row]:
    return [a_row(VisitRef=f"V{number}", **cells) for number in range(count)]


def a_row_entered_at(number: int, entry: str, **cells: str) -> Row:
    return a_row(VisitRef=f"V{number}", DeliveredEntryTime=entry, DeliveredExitTime="23:00", **cells)


def test_a_plain_file_is_not_doubted() -> None:
    assert find_warnings(*several(30)) == {}


@pytest.mark.parametrize(
    ("planned", "is_long_ago"),
    [("15/08/2021", False), ("14/08/2021", True), ("01/01/2020", True), ("15/08/2022", False)],
)
def test_long_ago_is_more_than_a_year_before_the_day_of_upload(planned: str, is_long_ago: bool) -> None:
    warnings = find_warnings(
        a_row(), a_row(VisitRef="V2", PlannedVisitDate=planned, DeliveredVisitDate=planned)
    )
    assert ("long_ago" in warnings) == is_long_ago
    if is_long_ago:
        assert rows_of(warnings["long_ago"]) == (1, 3)


def test_a_year_before_a_leap_day_is_the_last_day_of_february() -> None:
    day = dt.date(2024, 2, 29)
    for planned, is_long_ago in (("28/02/2023", False), ("27/02/2023", True)):
        row = a_row(PlannedVisitDate=planned, DeliveredVisitDate=planned)
        assert ("long_ago" in find_warnings(row, today=day)) == is_long_ago


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["08/13/22", "08/02/22"], (1, 2)),
        (["08/02/22", "08/13/22", "08-14-2022"], (2, 3)),
        (["08/13/22", "13/08/22"], None),
        (["08/02/22", "08/03/22"], None),
        (["13/13/22"], None),
        (["2022-08-13", "13 Aug 2022"], None),
    ],
)
def test_month_first_is_where_a_date_can_only_be_so_and_none_only_day_first(
    dates: list[str], first: tuple[int, int] | None
) -> None:
    rows = [
        a_row(VisitRef=f"V{number}", PlannedVisitDate=date, DeliveredVisitDate=date)
        for number, date in enumerate(dates)
    ]
    warnings = find_warnings(*rows)
    assert ("month_first" in warnings) == (first is not None)
    if first:
        assert rows_of(warnings["month_first"]) == first


def hours_off(count: int, late: int, entry: str = "08:00") -> list[Row]:
    """So many visits planned at 9:00, the first of them entered at this time and the others in time."""
    return [a_row_entered_at(number, entry if number < late else "09:01") for number in range(count)]


@pytest.mark.parametrize(
    ("rows", "is_another_hour"),
    [
        (hours_off(20, 20), True),
        (hours_off(20, 18), True),
        (hours_off(20, 17), False),
        (hours_off(19, 19), False),
        (hours_off(20, 20, "08:15"), True),
        (hours_off(20, 20, "08:16"), False),
        (hours_off(20, 20, "07:45"), True),
        (hours_off(20, 20, "07:44"), False),
        (hours_off(20, 20, "10:00"), True),
        (hours_off(20, 20, "10:15"), True),
        (hours_off(20, 20, "10:16"), False),
        (hours_off(20, 10), False),
        (hours_off(18, 18) + [an_undelivered_row(VisitRef=f"C{number}") for number in range(2)], True),
    ],
)
def test_another_hour_is_nine_of_ten_entries_about_an_hour_off(
    rows: list[Row], is_another_hour: bool
) -> None:
    assert ("another_hour" in find_warnings(*rows)) == is_another_hour


def test_another_hour_counts_past_midnight_and_not_both_ways_together() -> None:
    night = {"PlannedEntryTime": "00:20", "PlannedExitTime": "00:50"}
    rows = [a_row_entered_at(number, "23:20", **night) for number in range(20)]
    assert rows_of(find_warnings(*rows)["another_hour"]) == (20, 2)
    assert "before" in find_warnings(*rows)["another_hour"].message
    both = hours_off(10, 10) + [a_row_entered_at(number, "10:00") for number in range(10, 20)]
    assert "another_hour" not in find_warnings(*both)


AS_PLANNED = {"DeliveredEntryTime": "09:00", "DeliveredExitTime": "09:30"}


@pytest.mark.parametrize(
    ("rows", "is_as_planned"),
    [
        (several(20, **AS_PLANNED), True),
        (several(19, **AS_PLANNED), False),
        ([*several(20, **AS_PLANNED), a_row(VisitRef="late")], False),
        ([*several(20, **AS_PLANNED), an_undelivered_row(VisitRef="cancelled")], True),
        (several(20, **AS_PLANNED, DeliveredEntryTimeIsOverridden="Y"), False),
        (several(20, **AS_PLANNED, DeliveredExitTimeIsOverridden="0"), True),
        ([an_undelivered_row(VisitRef=f"V{number}") for number in range(20)], False),
    ],
)
def test_as_planned_to_the_minute_is_every_delivered_time(rows: list[Row], is_as_planned: bool) -> None:
    assert ("as_planned_to_the_minute" in find_warnings(*rows)) == is_as_planned


@pytest.mark.parametrize("word", ["NULL", "null", "N/A", "#N/A"])
@pytest.mark.parametrize(
    "column", ["ClientRef", "NHSNumber", "CarerRef", "ServiceLevelRef", "ServiceRef", "OrganisationRef"]
)
def test_a_word_for_nothing_in_an_identifier_counts_as_empty(column: str, word: str) -> None:
    rows = [a_row(), a_row(VisitRef="V2", **{column: f" {word} "})]
    checked = check_rows(list(enumerate(rows, 2)), a_reference(), TODAY)
    assert checked.errors == []
    (_, plain), (_, visit) = checked.accepted
    assert visit._replace(visit_ref="V1") == plain
    assert [(one.code, *rows_of(one)) for one in checked.file_warnings] == [("empty_words", 1, 3)]


def test_a_row_of_words_for_nothing_names_no_client_and_no_visit() -> None:
    row = a_row(VisitRef="NULL", SSRef="N/A", ClientRef="#N/A", NHSNumber="null")
    checked = check_rows([(2, row), (3, row)], a_reference(), TODAY)
    codes = [(error.row, error.code) for error in checked.errors]
    assert codes == [(row, code) for row in (2, 3) for code in ("visit_ref_missing", "client_missing")]
    assert [(one.code, *rows_of(one)) for one in checked.file_warnings] == [("empty_words", 2, 2)]
    deletion = check_rows([(2, a_row(VisitRef="NULL", Deleted="1"))], a_reference(), TODAY)
    assert [error.code for error in deletion.errors] == ["visit_ref_missing"]


def test_a_word_for_nothing_in_a_comment_or_a_name_is_text() -> None:
    checked = check_rows([(2, a_row(Comments="N/A", ServiceName="NULL"))], a_reference(), TODAY)
    assert (checked.errors, checked.file_warnings) == ([], [])
    assert checked.accepted[0][1].comments == "N/A"


@pytest.mark.parametrize("ref", ["1.23E+09", "4.5e+15", "1,23E+09", "1E+12", "1.234567E+123"])
def test_a_visit_ref_that_a_spreadsheet_made_is_a_warning_and_a_client_s_is_a_reason(ref: str) -> None:
    warnings = find_warnings(a_row(), a_row(VisitRef=ref))
    assert rows_of(warnings["spreadsheet_number"]) == (1, 3)
    assert f"{ref} in row 3" in warnings["spreadsheet_number"].message
    for column in ("SSRef", "NHSNumber", "CarerRef", "ClientRef", "ServiceRef", "OrganisationRef"):
        checked = check_rows([(2, a_row(**{column: ref}))], a_reference(), TODAY)
        assert [(error.column, error.code) for error in checked.errors] == [(column, "spreadsheet_number")]
        assert "spreadsheet" in checked.errors[0].message


@pytest.mark.parametrize("ref", ["1E12", "A1.2E+03", "12.3E+09", "E+09", "1.2E+", "V+1", "4E-12"])
def test_other_references_with_an_e_are_references(ref: str) -> None:
    assert find_warnings(a_row(VisitRef=ref, SSRef=ref)) == {}


def test_a_reference_that_lost_its_noughts_names_the_one_that_is_known() -> None:
    reference = a_reference(
        carers=frozenset({"007", "8", "0", "C01"}), clients=frozenset({"00123", "9", "09"})
    )
    row = a_row(SSRef="123", CarerRef="7")
    checked = check_rows([(2, row)], reference, TODAY)
    assert [(error.column, error.code) for error in checked.errors] == [
        ("SSRef", "client_noughts"),
        ("CarerRef", "carer_noughts"),
    ]
    assert ["'00123'" in checked.errors[0].message, "'007'" in checked.errors[1].message] == [True, True]
    for known in (a_row(SSRef="00123", CarerRef="007"), a_row(SSRef="9", CarerRef="8"), a_row(SSRef="5")):
        assert check_rows([(2, known)], reference, TODAY).errors == []


@pytest.mark.parametrize(
    ("cells", "is_over"),
    [
        ({"PlannedEntryTime": "08:00", "PlannedExitTime": "20:00"}, False),
        ({"PlannedEntryTime": "08:00", "PlannedExitTime": "20:01"}, True),
        ({"PlannedEntryTime": "20:00", "PlannedExitTime": "08:00"}, False),
        ({"DeliveredEntryTime": "09:30", "DeliveredExitTime": "09:00"}, True),
        ({"DeliveredEntryTime": "09:00", "DeliveredExitTime": "21:00:01"}, True),
    ],
)
def test_over_twelve_hours_is_an_issue_of_a_stored_row(cells: dict[str, str], is_over: bool) -> None:
    checked = check_rows([(2, a_row(**cells))], a_reference(), TODAY)
    assert [("over_twelve_hours" in visit.issues) for _, visit in checked.accepted] == [is_over]


def test_over_twelve_hours_is_said_once_of_a_visit_with_its_hours() -> None:
    times = {"PlannedEntryTime": "09:30", "PlannedExitTime": "09:00", "DeliveredEntryTime": "09:30"}
    checked = check_rows([(2, a_row(**times, DeliveredExitTime="09:00"))], a_reference(), TODAY)
    (found_,) = checked.warnings
    assert (found_.code, found_.column, found_.value) == ("over_twelve_hours", "PlannedExitTime", "09:00")
    assert "planned for 23 hours 30 minutes" in found_.message
    cancelled = check_rows([(2, an_undelivered_row(PlannedExitTime="08:00"))], a_reference(), TODAY)
    assert cancelled.accepted[0][1].issues == ("over_twelve_hours",)


def test_a_long_visit_shows_the_exit_that_is_late() -> None:
    checked = check_rows([(2, a_row(DeliveredExitTime="10:40"))], a_reference(), TODAY)
    assert [(one.code, one.value) for one in checked.warnings] == [("long_visit", "10:40")]
