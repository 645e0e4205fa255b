"""Files as spreadsheets and joins leave them: read where that is sure, else one reason that names it (RULES 3, 19)."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.clock import now
from libs.common.errors import Refused
from services.ingest.visits import steps as visits_steps
from services.ingest.visits import views as visits_views
from tests.support.council.council import TESTER, WHO, Council
from tests.support.run.waiting import wait_until

FAULTS = Path(__file__).parents[1] / "cases" / "faults"
CARE = "Test Care Ltd"


def content(folder: str, name: str) -> bytes:
    return (FAULTS / folder / name).read_bytes()


def import_care_of(council: Council, folder: str, care: str = "") -> None:
    done = council.import_care(content(care or folder, "care.csv"))
    assert (done["counts"]["new"], done["errors"]) == (1, [])


def counts(document: dict[str, Any]) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: count for name, count in document["counts"].items() if count}


def warning_of(document: dict[str, Any], code: str) -> dict[str, Any]:
    """The one warning for the file with this code."""
    (found,) = [one for one in document["file_warnings"] if one["code"] == code]
    assert list(found) == ["code", "rows", "row", "message"]
    assert found["message"].endswith(".")
    return dict(found)


def reasons(council: Council, document: dict[str, Any]) -> list[tuple[int, str, str, str]]:
    return [(e["row"], e["column"], e["code"], e["message"]) for e in council.errors(document["id"])]


@pytest.mark.parametrize(
    ("folder", "name", "payable"),
    [
        ("double-bom", "visits.csv", "20.00"),
        ("sep-line", "comma.csv", "20.00"),
        ("sep-line", "semicolon.csv", "20.00"),
        ("space-before-quote", "visits.csv", "20.00"),
    ],
)
def test_a_file_that_is_sure_is_read_and_paid(council: Council, folder: str, name: str, payable: str) -> None:
    import_care_of(council, folder, "double-bom")
    document = council.import_visits(CARE, content(folder, name))
    assert counts(document) == {"read": 1, "new": 1}
    assert council.books()["total_payable"] == payable


def test_care_with_a_mark_too_many_or_dashes_in_its_timetable_is_read(council: Council) -> None:
    twice = b"\xef\xbb\xbf" * 2
    assert council.import_care(twice + content("double-bom", "care.csv"))["counts"]["new"] == 1
    import_care_of(council, "dash-in-timetable")
    with council.sessions["matching"].begin() as session:
        slots = session.scalar(text("SELECT timetable FROM cplis WHERE cpli_id = 100"))
    assert slots == [[0, 28_800, 32_400], [1, 28_800, 32_400]]


def test_headings_once_more_are_one_reason_for_their_row(council: Council) -> None:
    import_care_of(council, "second-header-row")
    document = council.import_visits(CARE, content("second-header-row", "visits.csv"))
    assert counts(document) == {"read": 3, "new": 2, "rejected": 1}
    ((row, _, code, message),) = reasons(council, document)
    assert (row, code) == (3, "headings_again")
    assert "the headings once more" in message
    assert "take the row out" in message


def test_each_time_and_day_that_nearly_is_one_says_what_it_is(council: Council) -> None:
    import_care_of(council, "times-and-days-that-nearly-are")
    document = council.check_visits(CARE, content("times-and-days-that-nearly-are", "visits.csv"))
    assert counts(document) == {"read": 4, "rejected": 4}
    said = {(row, column): message for row, column, _, message in reasons(council, document)}
    assert "midnight is 00:00" in said[2, "PlannedExitTime"]
    assert "write 8:30 PM as 20:30" in said[3, "PlannedEntryTime"]
    assert "write 9:00 PM as 21:00" in said[3, "DeliveredExitTime"]
    for row in (4, 5):
        assert "no day of the calendar" in said[row, "PlannedVisitDate"]
        assert "no day of the calendar" in said[row, "DeliveredVisitDate"]


def test_a_visit_ref_that_a_spreadsheet_made_is_warned_of_and_so_is_what_it_moves(council: Council) -> None:
    import_care_of(council, "excel-number-reference")
    first = council.import_visits(CARE, content("excel-number-reference", "week-1.csv"))
    assert warning_of(first, "spreadsheet_number") | {"message": ""} == {
        "code": "spreadsheet_number",
        "rows": 1,
        "row": 2,
        "message": "",
    }
    checked = council.check_visits(CARE, content("excel-number-reference", "week-2.csv"))
    assert "spreadsheet" in warning_of(checked, "spreadsheet_number")["message"]
    assert (warning_of(checked, "moved")["rows"], warning_of(checked, "moved")["row"]) == (1, 2)
    wait_until(lambda: council.file(checked["id"])["forecast"] is not None, seconds=30)
    assert "£20.00" in warning_of(council.file(checked["id"]), "moved")["message"]


@pytest.mark.parametrize(
    "column",
    ["SSRef", "ClientRef", "NHSNumber", "CarerRef", "ServiceRef", "OrganisationRef", "ServiceLevelRef"],
)
def test_a_reference_that_a_spreadsheet_made_is_rejected_by_visits_and_by_care(
    council: Council, column: str
) -> None:
    care = content("double-bom", "care.csv").decode()
    visits = content("double-bom", "visits.csv").decode().lstrip("\ufeff")
    if column != "CarerRef":
        done = council.import_care(with_cell(care, column, "1.23E+09"))
        assert [(e["row"], e["column"], e["code"]) for e in done["errors"]] == [
            (2, column, "spreadsheet_number")
        ]
    council.import_care(care)
    document = council.check_visits(CARE, with_cell(visits, column, "1.23E+09"))
    assert [(row, name, code) for row, name, code, _ in reasons(council, document)] == [
        (2, column, "spreadsheet_number")
    ]


def with_cell(content: str, column: str, cell: str) -> str:
    """A file of one row with another cell in this column."""
    header, row = content.split("\r\n")[:2]
    cells = row.split(",")
    cells[header.split(",").index(column)] = cell
    return f"{header}\r\n{','.join(cells)}\r\n"


def test_the_same_file_after_its_carers_takes_only_what_was_rejected(council: Council) -> None:
    folder = "same-file-after-carers"
    import_care_of(council, folder)
    first = council.import_visits(CARE, content(folder, "visits.csv"))
    assert counts(first) == {"read": 2, "new": 1, "rejected": 1}
    refused = council.check_visits(CARE, content(folder, "visits.csv"))
    assert (refused["state"], refused["refusal"]["code"]) == ("refused", "already_imported")
    assert WHO in refused["refusal"]["message"]
    assert "One row is still rejected: download" in refused["refusal"]["message"]

    council.import_carers(CARE, content(folder, "carers.csv"))
    again = council.check_visits(CARE, content(folder, "visits.csv"))
    assert counts(again) == {"read": 2, "new": 1, "unchanged": 1}
    found = warning_of(again, "imported_before")
    assert (found["rows"], found["row"], WHO in found["message"]) == (1, 2, True)
    assert counts(council.confirm(again["id"])) == {"read": 2, "new": 1, "unchanged": 1}
    assert council.books()["total_payable"] == "40.00"
    refused = council.check_visits(CARE, content(folder, "visits.csv"))
    assert (refused["state"], "still rejected" in refused["refusal"]["message"]) == ("refused", False)


def test_the_same_file_brings_back_what_was_deleted_and_leaves_what_was_corrected(council: Council) -> None:
    folder = "same-file-after-carers"
    import_care_of(council, folder)
    council.import_carers(CARE, content(folder, "carers.csv"))
    file = content(folder, "visits.csv")
    council.import_visits(CARE, file)
    header, _, second = file.decode().split("\r\n")[:3]
    corrected = second.replace("10:00,,,,,,T1", "10:30,,,,,,T1")
    deleted = "AI1,1" + "," * 23
    council.import_visits(CARE, "\r\n".join((header, deleted, corrected)))
    assert council.books()["total_payable"] == "30.00"

    again = council.check_visits(CARE, file)
    assert counts(again) == {"read": 2, "updated": 1, "unchanged": 1}
    assert (warning_of(again, "imported_before")["rows"], warning_of(again, "imported_before")["row"]) == (
        1,
        2,
    )
    council.confirm(again["id"])
    assert council.books()["total_payable"] == "50.00"
    assert council.differences() == []


def test_a_row_that_one_import_of_a_file_took_is_not_open_for_the_next(council: Council) -> None:
    folder = "same-file-after-carers"
    import_care_of(council, folder)
    file = content(folder, "visits.csv")
    council.import_visits(CARE, file)
    council.import_carers(CARE, content(folder, "carers.csv"))
    council.import_visits(CARE, file)
    header, first = file.decode().split("\r\n")[:2]
    council.import_visits(CARE, f"{header}\r\n{first.replace('10:00,,,,,,T1', '10:30,,,,,,T1')}\r\n")
    assert council.check_visits(CARE, file)["refusal"]["code"] == "already_imported"
    assert council.books()["total_payable"] == "50.00"


def test_two_files_of_the_same_bytes_that_wait_together_apply_once(council: Council) -> None:
    folder = "same-file-after-carers"
    import_care_of(council, folder)
    council.import_carers(CARE, content(folder, "carers.csv"))
    file = content(folder, "visits.csv")
    both = [council.check_visits(CARE, file) for _ in range(2)]
    council.import_carers(CARE, "CarerRef,Forename,Surname\nK8,Kim,Other\n")
    assert counts(council.confirm(both[0]["id"])) == {"read": 2, "new": 2}
    assert counts(council.confirm(both[1]["id"])) == {"read": 2, "unchanged": 2}
    assert council.books()["total_payable"] == "40.00"


def test_words_for_nothing_in_an_identifier_count_as_empty(council: Council) -> None:
    import_care_of(council, "double-bom")
    file = content("double-bom", "visits.csv").decode().lstrip("\ufeff")
    for column, word in (("NHSNumber", "NULL"), ("CarerRef", "N/A"), ("ServiceRef", "#N/A")):
        file = with_cell(file, column, word)
    document = council.import_visits(CARE, file)
    assert counts(document) == {"read": 1, "new": 1}
    assert (warning_of(document, "empty_words")["rows"], warning_of(document, "empty_words")["row"]) == (1, 2)
    with council.sessions["ingest"].begin() as session:
        stored = session.execute(text("SELECT nhs_number, carer_ref, service_ref FROM visits")).one()
    assert tuple(stored) == ("", "", "")
    assert council.books()["total_payable"] == "20.00"


def test_a_single_visit_is_judged_by_the_same_words(council: Council) -> None:
    import_care_of(council, "double-bom")
    council.import_visits(CARE, content("double-bom", "visits.csv"))
    with council.sessions["ingest"].begin() as session:
        values = visits_views.show_visit(session, TESTER, visit_ref="K2", organisation=CARE)["values"]
    with council.sessions["ingest"].begin() as session, pytest.raises(Refused) as refused:
        visits_steps.put_visit(
            session,
            TESTER,
            now(),
            visit_ref="K2",
            organisation=CARE,
            values=values | {"SSRef": "1.23E+09"},
            version=None,
            any_version=True,
        )
    assert "spreadsheet_number" in json.dumps(refused.value.details)


def test_a_reference_that_lost_its_noughts_is_rejected_and_the_one_that_is_known_is_named(
    council: Council,
) -> None:
    care = content("double-bom", "care.csv").decode()
    council.import_care(with_cell(care, "SSRef", "00123"))
    council.import_carers(CARE, "CarerRef,Forename,Surname\n0077,Kay,Example\n")
    council.books()
    visits = content("double-bom", "visits.csv").decode().lstrip("\ufeff")
    cut = with_cell(with_cell(visits, "SSRef", "123"), "CarerRef", "77")
    found = reasons(council, council.check_visits(CARE, cut))
    assert [(column, code) for _, column, code, _ in found] == [
        ("SSRef", "client_noughts"),
        ("CarerRef", "carer_noughts"),
    ]
    assert ["00123" in found[0][3], "0077" in found[1][3]] == [True, True]
    whole = with_cell(with_cell(visits, "SSRef", "00123"), "CarerRef", "0077")
    assert counts(council.import_visits(CARE, whole)) == {"read": 1, "new": 1}
    # Where both are known, or neither, nothing was lost.
    second = with_cell(with_cell(care, "CpliId", "2"), "SSRef", "123")
    council.import_care(second)
    council.books()
    assert reasons(council, council.check_visits(CARE, with_cell(visits, "SSRef", "123"))) == []
    assert reasons(council, council.check_visits(CARE, with_cell(visits, "SSRef", "456"))) == []
    # Another organisation's clients are nobody's business.
    foreign = with_cell(with_cell(visits, "SSRef", "123"), "OrganisationName", "")
    assert reasons(council, council.check_visits("Other Care Ltd", foreign)) == []
    # A line item whose client is another now says nothing of the one before.
    council.import_care(with_cell(care, "SSRef", "A123"))
    council.books()
    with council.sessions["ingest"].begin() as session:
        assert [*session.scalars(text("SELECT reference FROM client_references"))] == ["123"]
