"""A council's evening: its care, then its providers' visits files, a few at a time, as their systems send them.

Whoever sends a file has an Idempotency-Key for it, and sends the same again until it is taken.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import requests

from tests.support.run.waiting import wait_until
from tests.support.stack.own_council import FIRST_MONDAY, OwnCouncil
from tests.support.stack.stack import Stack

AT_ONCE = 4
PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 120
AGAIN = (409, 500, 503)
"""The same request is under way; a process died over it; a part is away."""
COMPARED = ("state", "counts")


@dataclass(frozen=True)
class Evening:
    """What came of it: the files' documents without their ids, by week and place, the gross sums of the invoices, and
    the council's books.

    Forecasts are no part of it: a file that another of its provider overtook is judged anew, and has none then.
    """

    files: list[dict[str, Any]]
    invoiced: list[str]
    books: dict[str, Any]


def evening(stack: Stack, council: OwnCouncil, blows: Blows | None = None) -> Evening:
    """Import a council; with `blows`, processes are killed on the way."""
    before = stack.glance()
    stack.ask("care", "import", council.care)
    api = Sender(stack)
    for provider, file in council.carers:
        api.send("carers-files", file, organisation=provider)

    def import_file(sent: tuple[str, str, Path]) -> dict[str, Any]:
        route, provider, file = sent
        if blows:
            blows.file_begun()
        document = api.await_applied(route, api.send(route, file, organisation=provider, confirm="true"))
        places = [
            (error["row"], error["ref"], error["column"], error["code"]) for error in document["errors"]
        ]
        return {name: document[name] for name in COMPARED} | {"errors": places}

    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [("visits-files", *one) for one in council.visits]
        files = list(pool.map(import_file, [*sent, *(("actuals-files", *one) for one in council.actuals)]))
    invoiced = [api.invoice(provider, contract) for provider, contract in council.contracts_by_invoice]
    if blows:
        blows.await_last()
    return Evening(files, invoiced, council.books(before, stack.glance()))


class Sender:
    """A system of the council's that sends files by the JSON API, and goes on asking while a part is away."""

    def __init__(self, stack: Stack) -> None:
        self._url = f"{stack.notes().portal_url}/api/v1"
        second = f"{uuid.uuid4().hex}@council.example"
        stack.ask("user", "add", "--email", second, "--role", "approver")
        self._token = stack.ask("token", "add", "--confirmed-by", second)["token"]

    def send(self, route: str, file: Path, **query: str) -> dict[str, Any]:
        """The document of a file that was taken."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "text/csv"}
        return self._ask("POST", route, data=file.read_bytes(), params=query, headers=headers)

    def invoice(self, provider: str, contract: str) -> str:
        """Have what is owed to a provider invoiced, sent to the council and accepted, whatever dies over it.

        What it comes to, in pounds.
        """
        asked = {"contract": contract, "start": str(FIRST_MONDAY), "number": f"E {contract}"}
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        made = self._ask("POST", "invoices", json=asked, params={"organisation": provider}, headers=headers)
        until = time.monotonic() + PATIENCE_SECONDS
        route = f"invoices/{made['id']}"
        while (found := self._ask("GET", route))["state"] != "Accepted" and time.monotonic() < until:
            if found["state"] == "Unsubmitted":
                self._request("POST", f"{route}/submit")
            else:
                self._request("POST", f"{route}/accept", json={"gross": found["gross"]})
        return f"{found['state']} {found['gross']}"

    def await_applied(self, route: str, document: dict[str, Any]) -> dict[str, Any]:
        """The document of a file that confirms itself, when it is applied."""
        found = document
        until = time.monotonic() + PATIENCE_SECONDS
        while found["state"] not in ("applied", "refused") and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            found = self._ask("GET", f"{route}/{document['id']}")
        return found

    def _ask(
        self, method: str, route: str, headers: dict[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        """An answer that is no failure. TimeoutError after all patience."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            answer = self._request(method, route, headers, **more)
            if answer.status_code < 400:
                found: dict[str, Any] = answer.json()
                return found
            assert answer.status_code in AGAIN, (answer.status_code, answer.text)
            time.sleep(PAUSE_SECONDS)
        raise TimeoutError(f"{method} {route}: no answer in {PATIENCE_SECONDS} s")

    def _request(
        self, method: str, route: str, headers: dict[str, str] | None = None, **more: Any
    ) -> requests.Response:
        bearer = {"Authorization": f"Bearer {self._token}"}
        return requests.request(
            method, f"{self._url}/{route}", headers=bearer | (headers or {}), timeout=15, **more
        )


class Blow(NamedTuple):
    """SIGKILL for a process, some seconds after so many files were begun."""

    victim: str
    files: int
    seconds: float


class Blows:
    """Blows that fall one after the other; `pid_of` tells a process's number, None while it is being started again."""

    def __init__(self, planned: list[Blow], pid_of: Callable[[str], int | None]) -> None:
        self.killed: list[int] = []
        self._planned = planned
        self._pid_of = pid_of
        self._files = 0
        self._begun = threading.Condition()
        self._failed: list[Exception] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def file_begun(self) -> None:
        """To be called when the import of a file begins."""
        with self._begun:
            self._files += 1
            self._begun.notify_all()

    def await_last(self) -> None:
        """Wait until the last blow has fallen."""
        self._thread.join(PATIENCE_SECONDS)
        assert len(self.killed) == len(self._planned), (self._planned, self.killed, self._failed)

    def _run(self) -> None:
        try:
            for blow in self._planned:
                with self._begun:
                    self._begun.wait_for(lambda files=blow.files: self._files >= files, 120)
                time.sleep(blow.seconds)
                self._strike(blow.victim)
        except (AssertionError, OSError) as error:  # told by await_last, in the test's own thread
            self._failed.append(error)

    def _strike(self, victim: str) -> None:
        pid = wait_until(lambda: self._pid_of(victim), 60)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self.killed.append(pid)


def seeded_blows(seed: str, victims: Sequence[str], files: int) -> list[Blow]:
    """One for each, in any order, spread over the files, each up to a file's own time after one was begun."""
    rnd = random.Random(seed)
    begun = sorted(rnd.sample(range(1, files - 3), len(victims)))
    order = rnd.sample(victims, len(victims))
    return [Blow(*pair, rnd.uniform(0, 2)) for pair in zip(order, begun, strict=True)]
