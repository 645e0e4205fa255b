"""The command line on a whole stack, as its users meet it: answers, refusals, exit statuses (DESIGN 4.1)."""

import json
from pathlib import Path

import psycopg
import pytest

from deploy.local.servers.proxy import find_program
from tests.journeys.test_command_line_files import own_weeks
from tests.support.builders.care_files import a_care_file
from tests.support.builders.visit_files import an_undelivered_row
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack

COUNTS = ["read", "new", "updated", "unchanged", "deleted", "rejected", "issues"]
CARE_COUNTS = ["new", "changed", "unchanged", "rejected"]


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
    assert checked["forecast"] == {"payable": "20.00", "matched": 2, "unmatched": {}}
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
    assert applied["forecast"] == {"payable": "-5.00", "matched": 3, "unmatched": {}}
    assert stack.books()["payable"][provider.name] == "15.00"
    again = provider.import_visits(stack, provider.visits(*[provider.row(DeliveredExitTime="09:15")]))
    assert list(again["counts"].values()) == [1, 0, 0, 1, 0, 0, 0]
    assert again["forecast"] == {"payable": "0.00", "matched": 0, "unmatched": {}}


def test_a_person_reads_plain_lines(stack: Stack, provider: Provider) -> None:
    file = provider.visits(provider.row(), provider.row(VisitRef="V2", VisitType="DH"))
    lines = stack.tell("visits", "import", file, "--organisation", provider.name).splitlines()
    assert lines[0] == "Note: One row is planned more than a year ago, from row 2 on: check the year."
    assert lines[1] == "Checked: read 2, new 1, updated 0, unchanged 0, deleted 0, rejected 1, issues 0"
    assert lines[2] == "It would pay £10.00."
    assert lines[3].startswith("Row 3 (V2), VisitType: ")
    assert "--confirm" in lines[-1]


def test_care_says_what_is_new_changed_unchanged_and_rejected(stack: Stack, provider: Provider) -> None:
    other, bad = provider.care_row(cpli_id=910_000_000 + provider.number), provider.care_row(cpli_id="x")
    changed = provider.care_row(Quantity="8.00")
    file = provider.file(a_care_file(changed, other, bad), "care.csv")

    document = stack.ask("care", "import", file)

    assert list(document) == ["id", "counts", "errors", "renamed", "reference_version"]
    assert list(document["counts"].items()) == list(zip(CARE_COUNTS, [1, 1, 0, 1], strict=True))
    assert [(error["row"], error["column"]) for error in document["errors"]] == [(4, "CpliId")]
    assert list(stack.ask("care", "import", file)["counts"].values()) == [0, 0, 2, 1]


def test_a_care_file_that_is_only_checked_says_what_it_would_change_in_money(
    stack: Stack, provider: Provider
) -> None:
    provider.pay(stack)
    before = own_weeks(stack, provider)
    ((_, _, cost, _),) = before.values()
    file = provider.file(a_care_file(provider.care_row(PaymentMethod="Invoice")), "care.csv")

    checked = stack.ask("care", "import", file, "--check")

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
    assert "changes from Visits to Invoice" in stack.tell("care", "import", file, "--check")


def test_carers_are_imported_and_then_visits_may_name_them(stack: Stack, provider: Provider) -> None:
    file = provider.visits(provider.row(CarerRef="C77"))
    (error,) = provider.import_visits(stack, file)["errors"]
    assert error["column"] == "CarerRef"
    carers = provider.file("CarerRef,Forename,Surname\nC77,Ada,Abbott\n,No,Ref\n", "carers.csv")
    document = stack.ask("carers", "import", carers, "--organisation", provider.name)
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
    assert "gone.csv" in stack.expect_refusal(
        "visits", "import", missing, "--organisation", known_provider.name
    )
    assert "gone.csv" in stack.expect_refusal("care", "import", missing)
    assert str(tmp_path) in stack.expect_refusal("care", "import", tmp_path)


@pytest.mark.parametrize(
    "command", [("books",), ("reconcile",), ("dead-letters", "list"), ("periods", "list")]
)
def test_where_nothing_is_up_commands_say_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    nowhere = Stack(tmp_path)
    assert "caretally up" in nowhere.expect_refusal(*command)
    assert nowhere.ask("status") == {
        "processes": [],
        "urls": {"portal": None, "amqp": None, "database": None},
    }


def test_status_names_every_process(stack: Stack) -> None:
    status = stack.ask("status")
    assert list(status) == ["processes", "urls"]
    assert list(status["urls"]) == ["portal", "amqp", "database"]
    services = [
        f"{name}-{part}"
        for name in ("ingest", "matching", "payments", "disputes")
        for part in ("rpc", "worker")
    ]
    before_it = ["proxy"] if find_program() else []
    assert [process["name"] for process in status["processes"]] == [
        "database",
        "broker",
        *services,
        "portal-appender",
        "portal",
        *before_it,
    ]
    for process in status["processes"]:
        assert list(process) == ["name", "pid", "ready"]
        assert process["ready"] is True
        assert process["pid"] > 0


def test_saying_all_again_changes_nothing(stack: Stack, provider: Provider) -> None:
    provider.pay(stack)
    before = stack.glance()
    for what in ("visits", "care"):
        assert "--wait" in stack.tell("resync", what)
        assert stack.books() == before
    assert stack.reconcile() == {"differences": [], "in_flight": []}
    assert stack.ask("dead-letters", "list") == []


def test_reconcile_ends_with_1_and_names_the_penny_that_was_tampered_with(
    stack: Stack, provider: Provider
) -> None:
    provider.pay(stack)
    stack.books()
    assert stack.tell("reconcile") == ""
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
    assert stack.ask("reconcile")["differences"] == []
