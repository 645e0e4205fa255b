"""The command line on a whole stack, as its users meet it: answers, refusals, exit statuses (DESIGN 4.1)."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy.ops.reconcile.books import reconcile as work_out
from services.ingest.rows.headings import HEADINGS
from services.matching.book.rules import REQUIRED_HEADINGS
from tests.support.care_files import a_care_file, a_care_row
from tests.support.one_provider import Provider, a_provider
from tests.support.stack import Stack
from tests.support.visit_files import a_file, an_undelivered_row

COUNTS = ["read", "new", "updated", "unchanged", "deleted", "rejected", "issues"]
CARE_COUNTS = ["new", "changed", "unchanged", "rejected"]


@pytest.fixture
def provider(stack: Stack, tmp_path: Path) -> Provider:
    """A provider whose care is imported."""
    found = a_provider(tmp_path)
    found.import_care(stack)
    return found


@pytest.fixture(scope="module")
def known_provider(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Provider:
    """The provider of all tests whose files must not come in."""
    found = a_provider(tmp_path_factory.mktemp("files"))
    found.import_care(stack)
    return found


@pytest.fixture
def nothing_changes(stack: Stack) -> Iterator[None]:
    """The books after the test are those before it, and nothing lies with the dead letters."""
    before = stack.glance()
    yield
    assert stack.glance() == before
    assert work_out(stack.notes().reader_url) == {"differences": [], "in_flight": []}


def own_weeks(stack: Stack, provider: Provider) -> dict[str, Any]:
    weeks = stack.glance()["weeks"]
    return {week: amounts for week, amounts in weeks.items() if week.startswith(f"{provider.cpli_id}/")}


# What a file's import answers.


def test_a_file_is_checked_then_confirmed_and_its_forecast_is_what_it_pays(
    stack: Stack, provider: Provider
) -> None:
    file = provider.visits(
        provider.row(),
        provider.row(VisitRef="V2", PlannedVisitDate="02/08/2022", DeliveredVisitDate="02/08/2022"),
        provider.row(VisitRef="V3", VisitType="DH"),
    )
    before = stack.glance()

    checked = provider.import_visits(stack, file)

    assert list(checked)[:5] == ["id", "state", "counts", "forecast", "errors"]
    assert checked["state"] == "checked"
    assert list(checked["counts"].items()) == list(zip(COUNTS, [3, 2, 0, 0, 0, 1, 0], strict=True))
    assert checked["forecast"] == {"payable": "20.00"}
    (error,) = checked["errors"]
    assert list(error) == ["row", "ref", "column", "code", "message"]
    assert (error["row"], error["ref"], error["column"]) == (4, "V3", "VisitType")
    assert "DH" in error["message"]
    assert stack.glance() == before

    applied = provider.import_visits(stack, file, "--confirm")

    assert applied["state"] == "applied"
    assert applied["counts"] == checked["counts"]
    assert applied["forecast"] == checked["forecast"]
    after = stack.books()
    assert after["payable"][provider.name] == "20.00"
    assert after["matched"] == before["matched"] + 2
    assert own_weeks(stack, provider) == {f"{provider.cpli_id}/2022-08-01": [3600, 0, "20.00", "0.00"]}


def test_the_forecast_of_a_correction_is_what_confirming_it_changes(stack: Stack, provider: Provider) -> None:
    provider.import_visits(stack, provider.visits(provider.row(), provider.row(VisitRef="V2")), "--confirm")
    file = provider.visits(
        provider.row(DeliveredExitTime="09:15"),
        provider.row(VisitRef="V2", Deleted="1"),
        provider.row(VisitRef="V3", PlannedVisitDate="03/08/2022", DeliveredVisitDate="03/08/2022"),
        an_undelivered_row(VisitRef="V4", SSRef=provider.ssref, ServiceName=provider.service, Comments=""),
    )

    applied = provider.import_visits(stack, file, "--confirm")

    assert list(applied["counts"].values()) == [4, 2, 1, 0, 1, 0, 1]
    assert applied["forecast"] == {"payable": "-5.00"}
    assert stack.books()["payable"][provider.name] == "15.00"
    again = provider.import_visits(stack, provider.visits(*[provider.row(DeliveredExitTime="09:15")]))
    assert list(again["counts"].values()) == [1, 0, 0, 1, 0, 0, 0]
    assert again["forecast"] == {"payable": "0.00"}


def test_a_person_reads_plain_lines(stack: Stack, provider: Provider) -> None:
    file = provider.visits(provider.row(), provider.row(VisitRef="V2", VisitType="DH"))
    lines = stack.said("visits", "import", file, "--organisation", provider.name).splitlines()
    assert lines[0] == "Note: One row is planned more than a year ago, from row 2 on: check the year."
    assert lines[1] == "Checked: read 2, new 1, updated 0, unchanged 0, deleted 0, rejected 1, issues 0"
    assert lines[2] == "It would pay £10.00."
    assert lines[3].startswith("Row 3 (V2), VisitType: ")
    assert "--confirm" in lines[-1]


def test_care_says_what_is_new_changed_unchanged_and_rejected(stack: Stack, provider: Provider) -> None:
    other, bad = provider.care_row(cpli_id=910_000_000 + provider.number), provider.care_row(cpli_id="x")
    changed = provider.care_row(Quantity="8.00")
    file = provider.file(a_care_file(changed, other, bad), "care.csv")

    document = stack.asked("care", "import", file)

    assert list(document) == ["id", "counts", "errors", "renamed", "reference_version"]
    assert list(document["counts"].items()) == list(zip(CARE_COUNTS, [1, 1, 0, 1], strict=True))
    assert [(error["row"], error["column"]) for error in document["errors"]] == [(4, "CpliId")]
    assert list(stack.asked("care", "import", file)["counts"].values()) == [0, 0, 2, 1]


def test_a_care_file_that_is_only_checked_says_what_it_would_change_in_money(
    stack: Stack, provider: Provider
) -> None:
    provider.pay(stack)
    before = own_weeks(stack, provider)
    ((_, _, cost, _),) = before.values()
    file = provider.file(a_care_file(provider.care_row(PaymentMethod="Invoice")), "care.csv")

    checked = stack.asked("care", "import", file, "--check")

    assert list(checked) == ["id", "counts", "changes", "forecast", "errors"]
    assert list(checked["counts"].values()) == [0, 1, 0, 0]
    (of_provider,) = checked["forecast"]["providers"]
    assert (of_provider["organisation"], of_provider["open"]) == (provider.name, f"-{cost}")
    (method,) = checked["forecast"]["methods"]
    assert (method["cpli_id"], method["before"], method["after"]) == (
        provider.cpli_id,
        "Visits",
        "Invoice",
    )
    assert own_weeks(stack, provider) == before
    assert "changes from Visits to Invoice" in stack.said("care", "import", file, "--check")


def test_carers_are_imported_and_then_visits_may_name_them(stack: Stack, provider: Provider) -> None:
    file = provider.visits(provider.row(CarerRef="C77"))
    (error,) = provider.import_visits(stack, file)["errors"]
    assert error["column"] == "CarerRef"
    carers = provider.file("CarerRef,Forename,Surname\nC77,Ada,Abbott\n,No,Ref\n", "carers.csv")
    document = stack.asked("carers", "import", carers, "--organisation", provider.name)
    assert document["counts"] == {"read": 2, "new": 1, "rejected": 1}
    assert [(error["row"], error["column"]) for error in document["errors"]] == [(3, "CarerRef")]
    assert provider.import_visits(stack, file)["errors"] == []


def test_an_organisation_that_no_care_names_is_noted_beside_the_answer(stack: Stack, tmp_path: Path) -> None:
    stranger = a_provider(tmp_path)
    done = stack.run(
        "visits", "import", stranger.visits(stranger.row()), "--organisation", stranger.name, "--json"
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["state"] == "checked"
    assert stranger.name in done.stderr


# Bad input: refused files.


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
    sentence = stack.refused(
        "visits", "import", file, "--organisation", known_provider.name, "--confirm", "--json"
    )
    assert sentence.startswith("bad visits.csv is refused: ")
    for word in words:
        assert word in sentence


def test_the_same_file_again_is_refused_and_says_who_imported_it(stack: Stack, provider: Provider) -> None:
    file = provider.visits(provider.row())
    provider.import_visits(stack, file, "--confirm")
    before = stack.glance()
    sentence = stack.refused("visits", "import", file, "--organisation", provider.name, "--confirm")
    assert "already imported" in sentence
    assert "by command line" in sentence
    assert stack.glance() == before


# Odd input that is read all the same.


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


# Bad and odd care.

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
    document = stack.asked("care", "import", known_provider.file(a_care_file(*rows), "bad care.csv"))
    assert document["counts"] == {"new": 0, "changed": 0, "unchanged": 0, "rejected": len(BAD_CELLS)}
    found = [(error["row"], error["column"]) for error in document["errors"]]
    assert found == list(enumerate(BAD_CELLS, 2))
    assert all(error["message"].endswith(".") for error in document["errors"])


def test_care_whose_identifiers_belong_to_two_clients_is_rejected(stack: Stack, provider: Provider) -> None:
    number = f"{provider.number:09d}0"
    other = provider.care_row(
        cpli_id=930_000_000 + provider.number, SSRef=f"{provider.ssref}b", NHSNumber=number
    )
    stack.asked("care", "import", provider.file(a_care_file(other), "care.csv"))
    file = provider.file(a_care_file(provider.care_row(NHSNumber=number)), "care.csv")
    document = stack.asked("care", "import", file)
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
    sentence = stack.refused("care", "import", known_provider.file(content, "bad care.csv"), "--json")
    assert sentence.startswith("bad care.csv is refused: ")
    assert word in sentence


def test_names_in_welsh_and_with_an_emoji_are_names(stack: Stack, provider: Provider) -> None:
    row = provider.care_row(Forename="Siân 🌼", Surname="Llŷr-Ŵyn", AssessedContribution="5.00")
    document = stack.asked("care", "import", provider.file(a_care_file(row), "care.csv"))
    assert list(document["counts"].values()) == [0, 1, 0, 0]
    provider.pay(stack)
    assert stack.books()["payable"][provider.name] == "10.00"


def test_required_care_headings_are_all_missed_by_name(stack: Stack, known_provider: Provider) -> None:
    content = ",".join(REQUIRED_HEADINGS[:10]) + "\r\n"
    sentence = stack.refused("care", "import", known_provider.file(content, "bad care.csv"))
    for heading in REQUIRED_HEADINGS[10:]:
        assert heading in sentence


# Wrong usage, and nothing there.


@pytest.mark.parametrize(
    "arguments",
    [
        ("visits", "import"),
        ("visits", "import", "a.csv"),
        ("periods", "finalise", "2022-13-01"),
        ("periods", "items", "soon"),
        ("resync", "everything"),
        ("books", "--wait", "long"),
        ("no-such-command",),
    ],
)
def test_wrong_usage_ends_with_2(stack: Stack, arguments: tuple[str, ...]) -> None:
    done = stack.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_one_sentence(
    stack: Stack, known_provider: Provider, tmp_path: Path
) -> None:
    missing = tmp_path / "gone.csv"
    assert "gone.csv" in stack.refused("visits", "import", missing, "--organisation", known_provider.name)
    assert "gone.csv" in stack.refused("care", "import", missing)
    assert str(tmp_path) in stack.refused("care", "import", tmp_path)


@pytest.mark.parametrize(
    "command", [("books",), ("reconcile",), ("dead-letters", "list"), ("periods", "list")]
)
def test_where_nothing_is_up_commands_say_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    nowhere = Stack(tmp_path)
    assert "caretally up" in nowhere.refused(*command)
    assert nowhere.asked("status") == {
        "processes": [],
        "urls": {"portal": None, "amqp": None, "database": None},
    }


# Operations.


def test_status_names_every_process(stack: Stack) -> None:
    status = stack.asked("status")
    assert list(status) == ["processes", "urls"]
    assert list(status["urls"]) == ["portal", "amqp", "database"]
    services = [
        f"{name}-{part}"
        for name in ("ingest", "matching", "payments", "disputes")
        for part in ("rpc", "worker")
    ]
    assert [process["name"] for process in status["processes"]] == ["database", "broker", *services, "portal"]
    for process in status["processes"]:
        assert list(process) == ["name", "pid", "ready"]
        assert process["ready"] is True
        assert process["pid"] > 0


def test_saying_all_again_changes_nothing(stack: Stack, provider: Provider) -> None:
    provider.pay(stack)
    before = stack.glance()
    for what in ("visits", "care"):
        assert "--wait" in stack.said("resync", what)
        assert stack.books() == before
    assert stack.asked("reconcile") == {"differences": [], "in_flight": []}
    assert stack.asked("dead-letters", "list") == []


def test_reconcile_ends_with_1_and_names_the_penny_that_was_tampered_with(
    stack: Stack, provider: Provider
) -> None:
    provider.pay(stack)
    stack.books()
    assert stack.said("reconcile") == ""
    with psycopg.connect(stack.notes().admin_url, autocommit=True) as database:
        database.execute(
            "SET session_replication_role = replica"
        )  # past the triggers that keep items as they are
        tamper = "UPDATE payments.items SET amount = amount + %s WHERE cpli_id = %s"
        assert database.execute(tamper, ["0.01", provider.cpli_id]).rowcount == 1
        try:
            document, lines = stack.run("reconcile", "--json"), stack.run("reconcile")
        finally:
            database.execute(tamper, ["-0.01", provider.cpli_id])
    assert (document.returncode, lines.returncode) == (1, 1)
    assert str(provider.cpli_id) in json.dumps(json.loads(document.stdout)["differences"])
    assert str(provider.cpli_id) in lines.stdout
    assert stack.asked("reconcile")["differences"] == []
