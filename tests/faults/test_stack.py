"""The local stack: it comes up beside another, starts again what is killed, and leaves nothing running."""

from __future__ import annotations

import os
import signal
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.home import Notes
from deploy.local.machine.processes import note, started_ticks
from deploy.local.servers.proxy import find_program
from tests.support.run.run_folder import a_home
from tests.support.run.waiting import wait_until
from tests.support.stack.one_provider import a_provider
from tests.support.stack.stack import Stack, a_stack, are_ready

HEAL_SECONDS = 150


@pytest.fixture(scope="module")
def own_stack() -> Iterator[Stack]:
    with a_stack(a_home("stack with spaces in its name")) as found:
        yield found


def pids(stack: Stack) -> dict[str, int]:
    return {process["name"]: process["pid"] for process in stack.ask("status")["processes"]}


def await_all_ready(stack: Stack) -> None:
    """Wait until `status` says so: on a busy machine one that is ready may once answer too late."""
    wait_until(lambda: all(process["ready"] for process in stack.ask("status")["processes"]), HEAL_SECONDS)


def await_healed(stack: Stack, name: str, killed: int) -> None:
    def is_healed() -> bool:
        notes = stack.notes()
        return notes.processes[name].pid != killed and are_ready(notes)

    wait_until(is_healed, HEAL_SECONDS)
    await_all_ready(stack)


def test_up_names_every_process_and_all_are_ready(own_stack: Stack) -> None:
    await_all_ready(own_stack)
    found = own_stack.ask("status")
    names = [process["name"] for process in found["processes"]]
    services = ("ingest", "matching", "payments", "disputes")
    own = [f"{service}-{kind}" for service in services for kind in ("rpc", "worker")]
    before_it = ["proxy"] if find_program() else []
    assert names == ["database", "broker", *own, "portal-appender", "portal", *before_it]
    assert all(process["pid"] for process in found["processes"])
    assert set(found["urls"]) == {"portal", "amqp", "database"}


def test_the_notes_with_the_passwords_are_their_owners_alone(own_stack: Stack) -> None:
    assert (own_stack.home / "stack.json").stat().st_mode & 0o077 == 0


def test_two_homes_are_two_stacks_side_by_side(stack: Stack, own_stack: Stack, tmp_path: Path) -> None:
    provider = a_provider(tmp_path)
    provider.import_care(stack)
    provider.pay(stack)
    one, other = stack.notes(), own_stack.notes()
    assert len(addresses(one)) == len(addresses(other)) >= 11
    assert not addresses(one) & addresses(other)
    secrets = [(home / "secrets" / "portal" / "secret").read_text() for home in (stack.home, own_stack.home)]
    assert secrets[0] != secrets[1]
    assert stack.books()["payable"][provider.name] == "10.00"
    assert own_stack.books() == {
        "matched": 0,
        "unmatched": {},
        "payable": {},
        "total_payable": "0.00",
        "total_charges": "0.00",
        "weeks": {},
    }


def addresses(notes: Notes) -> set[str]:
    """host:port of all that listens."""
    urls = (notes.amqp_url, notes.admin_url, *notes.health_urls.values())
    return {urllib.parse.urlsplit(url).netloc.rpartition("@")[2] for url in urls}


def test_up_when_up_already_says_so(own_stack: Stack) -> None:
    again = own_stack.run("up", "--detach")
    assert (again.returncode, again.stderr) == (0, "")
    assert "already up" in again.stdout


@pytest.mark.parametrize("name", ["portal", "ingest-worker", "matching-rpc", "database", "broker"])
def test_a_killed_process_comes_back(own_stack: Stack, name: str) -> None:
    killed = pids(own_stack)[name]
    urls = own_stack.ask("status")["urls"]
    os.kill(killed, signal.SIGKILL)
    await_healed(own_stack, name, killed)
    assert own_stack.ask("status")["urls"] == urls


def test_after_a_killed_supervisor_up_takes_over_and_down_ends_all(stack: Stack, own_stack: Stack) -> None:
    before = {name: note(pid) for name, pid in pids(own_stack).items()}
    os.kill(own_stack.notes().supervisor.pid, signal.SIGKILL)
    own_stack.tell("up", "--detach")
    await_all_ready(own_stack)
    assert not any(process.alive() for process in before.values())
    after = pids(own_stack)
    assert own_stack.tell("down") == "Caretally is down.\n"
    assert not any(started_ticks(pid) for pid in after.values())
    assert own_stack.ask("status")["processes"] == []
    assert own_stack.tell("down") == "Caretally was not up.\n"
    await_all_ready(stack)  # which is another's
