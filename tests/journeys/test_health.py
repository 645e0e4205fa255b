"""Health, figures and logs of every process of a stack; one id from file to payment; nobody's name anywhere."""

import itertools
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from libs.common.messaging.amqp import a_channel
from libs.common.messaging.topology import EVENTS, PUBLIC
from libs.common.rpc.wire import RPC_EXCHANGE
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.run.waiting import wait_until
from tests.support.stack.stack import Stack

SERVICES = ("ingest", "matching", "payments", "disputes")
PROCESSES = [
    *(f"{service}-{part}" for service in SERVICES for part in ("rpc", "worker")),
    "portal",
    "portal-appender",
]
NUMBERS = itertools.count(1)

FORENAME, SURNAME = "Quillomena", "Zyxwright"
CARER_FORENAME, CARER_SURNAME = "Wolfrida", "Pfefferminz"
BORN = ("17/03/1931", "1931-03-17")
NAMES = (FORENAME, SURNAME, CARER_FORENAME, CARER_SURNAME)


def fetch(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_says_that_it_lives_that_it_is_ready_and_what_it_counts(
    stack: Stack, process: str
) -> None:
    url = stack.notes().health_urls[process]
    assert fetch(f"{url}/healthz")[0] == 200
    assert fetch(f"{url}/readyz")[0] == 200
    status, figures = fetch(f"{url}/metrics")
    assert status == 200
    assert "# TYPE caretally_" in figures


@contextmanager
def overhear(amqp_url: str) -> Iterator[list[str]]:
    """Every message that goes over the broker while the block runs: events, public events and RPC requests."""
    heard: list[str] = []
    ready, over = threading.Event(), threading.Event()

    def listen() -> None:
        with a_channel(amqp_url, "a tap of the tests") as channel:
            queue = channel.queue_declare("", exclusive=True).method.queue
            for exchange in (EVENTS, PUBLIC, RPC_EXCHANGE):
                channel.queue_bind(queue, exchange, "#")
            ready.set()
            for method, properties, body in channel.consume(queue, auto_ack=True, inactivity_timeout=0.2):
                if method is not None:
                    heard.append(f"{properties.headers} {body.decode()}")
                elif over.is_set():
                    return

    thread = threading.Thread(target=listen)
    thread.start()
    assert ready.wait(20)
    try:
        yield heard
    finally:
        over.set()
        thread.join(20)


@pytest.fixture(scope="module")
def run(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A client's care, a carer and a visit that comes to a payment: the file's id, and all that was said of it."""
    folder = tmp_path_factory.mktemp("run")
    number = next(NUMBERS)
    organisation, service = f"Hazel Care {number} Ltd", f"Hazel Care {number} - DAPL Oxford"
    row = a_care_row(
        990_000_000 + number,
        SSRef=f"H{number}",
        Title="Mrs",
        Forename=FORENAME,
        Surname=SURNAME,
        DateOfBirth=BORN[0],
        OrganisationName=organisation,
        ServiceName=service,
    )
    care, carers, visits = folder / "care.csv", folder / "carers.csv", folder / "visits.csv"
    care.write_text(a_care_file(row, row | {"CpliId": "x"}))
    carers.write_text(f"CarerRef,Forename,Surname\nC1,{CARER_FORENAME},{CARER_SURNAME}\n")
    comment = f"{SURNAME} was well"
    visits.write_text(a_file(a_row(SSRef=f"H{number}", ServiceName=service, CarerRef="C1", Comments=comment)))
    with overhear(stack.notes().amqp_url) as heard:
        stack.ask("care", "import", care)
        stack.ask("carers", "import", carers, "--organisation", organisation)
        document = stack.ask("visits", "import", visits, "--organisation", organisation, "--confirm")
        assert document["counts"]["new"] == 1
        assert organisation in stack.books()["payable"]
        stack.ask("periods", "items", "2022-07-11", "--organisation", organisation)
        wait_until(lambda: any("payment.item.posted" in message for message in heard))
    return {"file_id": document["id"], "heard": heard}


def log_lines(stack: Stack) -> Iterator[tuple[str, str]]:
    """(process, line) of all processes' logs."""
    for process in PROCESSES:
        for line in (stack.home / "logs" / f"{process}.log").read_text().splitlines():
            yield process, line


def test_logs_are_json_lines_that_name_service_and_process(stack: Stack, run: dict[str, Any]) -> None:
    kinds = {"rpc": "rpc", "worker": "worker", "portal": "web", "appender": "appender"}
    seen = set()
    for process, line in log_lines(stack):
        entry = json.loads(line)
        service, _, part = process.partition("-")
        assert (entry["service"], entry["process"]) == (service, kinds[part or service]), line
        assert {"event", "level", "timestamp"} <= entry.keys(), line
        seen.add(process)
    assert seen == set(PROCESSES)


def test_one_id_leads_from_the_file_to_its_payment(stack: Stack, run: dict[str, Any]) -> None:
    entries = [(process, json.loads(line)) for process, line in log_lines(stack) if run["file_id"] in line]
    handled = {
        (process, entry["queue_name"].split(".")[1])
        for process, entry in entries
        if entry["event"] == "message_handled" and entry["cause_id"] == run["file_id"]
    }
    assert handled >= {
        ("ingest-worker", "check_wanted"),
        ("ingest-worker", "apply_wanted"),
        ("matching-worker", "visits_changed"),
        ("payments-worker", "weeks_matched"),
    }
    posted = [message for message in run["heard"] if "payment.item.posted" in message]
    assert any(run["file_id"] in message for message in posted)


def test_no_name_and_no_birth_date_is_in_a_log_or_a_message(stack: Stack, run: dict[str, Any]) -> None:
    assert len(run["heard"]) > 10
    logs = [path.read_text() for path in sorted((stack.home / "logs").glob("*.log"))]
    for text in [*logs, *run["heard"]]:
        for private in (*NAMES, *BORN):
            assert private.casefold() not in text.casefold(), text[:2000]


def test_the_logs_of_a_stack_hold_no_password(stack: Stack) -> None:
    notes = stack.notes()
    secrets = {
        url.split("@")[0].rsplit(":", 1)[1]
        for url in (notes.amqp_url, notes.admin_url, *notes.role_urls.values())
    }
    for path in [*(stack.home / "logs").glob("*.log"), stack.home / "supervisor.log"]:
        text = path.read_text()
        for secret in secrets:
            assert secret not in text, path


def test_the_secrets_of_a_stack_are_for_its_owner_alone(stack: Stack) -> None:
    for name in ("stack.json", "secrets/portal/secret", "secrets/payments-rpc/database_password"):
        assert Path(stack.home / name).stat().st_mode & 0o077 == 0
