"""The command line on a whole stack, given bad and odd files: what is refused, and what is read all the same."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from libs.common.files.care_headings import REQUIRED_HEADINGS
from services.ingest.rows.headings import HEADINGS
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.stack.one_provider import Provider
from tests.support.stack.stack import Stack


@pytest.fixture
def nothing_changes(stack: Stack) -> Iterator[None]:
    """The books after the test are those before it, and nothing lies with the dead letters."""
    before = stack.glance()
    yield
    assert stack.glance() == before
    assert stack.reconcile() == {"differences": [], "in_flight": []}


def own_weeks(stack: Stack, provider: Provider) -> dict[str, Any]:
    weeks = stack.glance()["weeks"]
    return {week: amounts for week, amounts in weeks.items() if week.startswith(f"{provider.cpli_id}/")}


def a_workbook() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


def with_headings(headings: list[str]) -> Callable[[Provider], str]:
    return lambda provider: a_file(provider.row(), headings=headings)


def text_of(provider: Provider) -> str:
    return a_file(provider.row())


FEWER = [heading for heading in HEADINGS if heading != "VisitType"]
REFUSED: dict[str, tuple[Callable[[Provider], str | bytes], tuple[str, ...]]] = {
    "an empty file": (lambda _: "", ("empty", "header row")),
    "a header alone": (lambda _: a_file(), ("no visits", "add a row")),
    "600,000 rows": (
        lambda p: (
            ",".join(HEADINGS) + "\r\n" + "".join(f"V{n},,,,,,,,,,,,,,,,,,,,,,,,\r\n" for n in range(600_000))
        ),
        ("500,000 rows", "split it"),
    ),
    "a PNG": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(100), ("PNG", "CSV")),
    "a PDF": (lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", ("PDF", "CSV")),
    "a workbook": (lambda _: a_workbook(), ("Excel workbook", "save it as")),
    "a file cut in a quoted field": (
        lambda p: a_file(p.row(), p.row(VisitRef="V2", Comments="a fall, then\nthe ambulance")).rpartition(
            "then"
        )[0],
        ("row 3", "cut short", "send the whole file"),
    ),
    "UTF-16": (lambda p: text_of(p).encode("utf-16"), ("UTF-16", "save it as")),
    "no header row": (lambda p: text_of(p).partition("\n")[2], ("none of the headings",)),
    "a heading with another sign": (
        lambda p: text_of(p).replace("VisitRef", "VISIT_REF"),
        ("'VISIT_REF' must be written VisitRef",),
    ),
    "a heading missing": (
        lambda p: a_file(headings=FEWER) + "V1\r\n",
        ("VisitType", "missing"),
    ),
    "a heading twice": (with_headings([*HEADINGS, "Comments"]), ("Comments", "more than once", "keep one")),
    "NUL bytes": (lambda p: text_of(p).replace("V1", "V\0001"), ("NUL", "line 2", "export it again")),
}


@pytest.mark.usefixtures("nothing_changes")
@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_one_sentence_and_nothing_of_it_comes_in(
    stack: Stack, known_provider: Provider, name: str
) -> None:
    content, words = REFUSED[name]
    file = known_provider.file(content(known_provider), "bad visits.csv")
    sentence = stack.expect_refusal(
        "visits", "import", file, "--organisation", known_provider.name, "--confirm", "--json"
    )
    assert sentence.startswith("bad visits.csv is refused: ")
    for word in words:
        assert word in sentence


def test_the_same_file_again_is_refused_and_says_who_imported_it(stack: Stack, provider: Provider) -> None:
    file = provider.visits(provider.row())
    provider.import_visits(stack, file, "--confirm")
    before = stack.glance()
    sentence = stack.expect_refusal("visits", "import", file, "--organisation", provider.name, "--confirm")
    assert "already imported" in sentence
    assert "by command line" in sentence
    assert stack.glance() == before


def reordered(provider: Provider) -> str:
    text = io.StringIO(newline="")
    rows = [dict(zip(HEADINGS, provider.row(), strict=True))]
    writer = csv.DictWriter(text, list(reversed(HEADINGS)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


READ: dict[str, Callable[[Provider], str | bytes]] = {
    "Windows-1252": lambda p: a_file(p.row(Comments="Café closed – no answer")).encode("cp1252"),
    "UTF-8 with a BOM": lambda p: a_file(p.row(Comments="Café")).encode("utf-8-sig"),
    "old Mac line ends": lambda p: a_file(p.row(), line_end="\r"),
    "columns in another order": reordered,
    "semicolons": lambda p: text_of(p).replace(",", ";"),
    "tabs below a line for spreadsheets": lambda p: "sep=\t\r\n" + text_of(p).replace(",", "\t"),
    "headings in another letter case": lambda p: text_of(p).replace("VisitRef", "VISIT REF"),
    "an extra column": lambda p: a_file((*p.row(), "7"), headings=[*HEADINGS, "Branch"]),
    "a formula in a comment": lambda p: a_file(p.row(Comments='=HYPERLINK("http://x.example","x")')),
}


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read_and_paid(stack: Stack, provider: Provider, name: str) -> None:
    document = provider.import_visits(stack, provider.file(READ[name](provider)), "--confirm")
    assert list(document["counts"].values()) == [1, 1, 0, 0, 0, 0, 0]
    assert document["errors"] == []
    assert own_weeks(stack, provider) == {f"{provider.cpli_id}/2022-08-01": [1800, 0, "10.00", "0.00"]}
    codes = [warning["code"] for warning in document["file_warnings"]]
    assert codes == (["extra_columns"] if name == "an extra column" else []) + ["long_ago"]


BAD_CELLS = {
    "StartDate": "31/02/2022",
    "Quantity": "seven",
    "UnitCost": "£20",
    "Timetable": "Mon 8-9",
    "EndDate": "31/07/2022",
    "Unit": "Day",
    "Frequency": "Daily",
    "PaymentMethod": "Cheque",
}


@pytest.mark.usefixtures("nothing_changes")
def test_each_bad_care_row_is_rejected_at_its_row_and_column(stack: Stack, known_provider: Provider) -> None:
    rows = [
        known_provider.care_row(cpli_id=920_000_000 + row, **{column: cell})
        for row, (column, cell) in enumerate(BAD_CELLS.items())
    ]
    document = stack.ask("care", "import", known_provider.file(a_care_file(*rows), "bad care.csv"))
    assert document["counts"] == {"new": 0, "changed": 0, "unchanged": 0, "rejected": len(BAD_CELLS)}
    found = [(error["row"], error["column"]) for error in document["errors"]]
    assert found == list(enumerate(BAD_CELLS, 2))
    assert all(error["message"].endswith(".") for error in document["errors"])


def test_care_whose_identifiers_belong_to_two_clients_is_rejected(stack: Stack, provider: Provider) -> None:
    number = f"{provider.number:09d}0"
    other = provider.care_row(
        cpli_id=930_000_000 + provider.number, SSRef=f"{provider.ssref}b", NHSNumber=number
    )
    stack.ask("care", "import", provider.file(a_care_file(other), "care.csv"))
    file = provider.file(a_care_file(provider.care_row(NHSNumber=number)), "care.csv")
    document = stack.ask("care", "import", file)
    assert document["counts"]["rejected"] == 1
    assert document["errors"][0]["row"] == 2


BAD_CARE: dict[str, tuple[str | bytes, str]] = {
    "an empty file": ("", "empty"),
    "a heading missing": (a_care_file(a_care_row(1)).replace("UnitCost", "Price"), "UnitCost"),
    "a heading twice": (a_care_file(a_care_row(1)).replace("Surname", "Forename"), "Surname"),
    "no header row": (a_care_file(a_care_row(1)).partition("\n")[2], "none of the headings"),
    "a workbook": (a_workbook(), "Excel workbook"),
}


@pytest.mark.usefixtures("nothing_changes")
@pytest.mark.parametrize("name", BAD_CARE)
def test_a_bad_care_file_is_refused(stack: Stack, known_provider: Provider, name: str) -> None:
    content, word = BAD_CARE[name]
    sentence = stack.expect_refusal("care", "import", known_provider.file(content, "bad care.csv"), "--json")
    assert sentence.startswith("bad care.csv is refused: ")
    assert word in sentence


def test_names_in_welsh_and_with_an_emoji_are_names(stack: Stack, provider: Provider) -> None:
    row = provider.care_row(Forename="Siân 🌼", Surname="Llŷr-Ŵyn", AssessedContribution="5.00")
    document = stack.ask("care", "import", provider.file(a_care_file(row), "care.csv"))
    assert list(document["counts"].values()) == [0, 1, 0, 0]
    provider.pay(stack)
    assert stack.books()["payable"][provider.name] == "10.00"


def test_required_care_headings_are_all_missed_by_name(stack: Stack, known_provider: Provider) -> None:
    content = ",".join(REQUIRED_HEADINGS[:10]) + "\r\n"
    sentence = stack.expect_refusal("care", "import", known_provider.file(content, "bad care.csv"))
    for heading in REQUIRED_HEADINGS[10:]:
        assert heading in sentence
