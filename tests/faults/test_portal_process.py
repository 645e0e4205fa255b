"""gunicorn around the portal's server: what dies or hangs is replaced, what takes long is not, and none is cut off."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.home import PROJECT
from deploy.local.machine.ports import free_port, is_free
from deploy.local.machine.processes import started_ticks
from deploy.ops.run import GUNICORN
from tests.support.portal.small_site import GO_ON
from tests.support.run.waiting import wait_until

TIMEOUT_SECONDS = 2


@dataclass
class Site:
    """A small site under gunicorn."""

    master: subprocess.Popen[bytes]
    port: int
    health_port: int
    go_on: Path
    log: Path

    def ask(self, path: str, port: int | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == 200
            return answer.read().decode()
        finally:
            connection.close()

    def worker(self) -> int:
        """Its process id."""
        return int(self.ask("/pid"))

    @contextmanager
    def a_held_page(self) -> Iterator[Future[str]]:
        """A page is being worked out in the block until `go_on` is there."""
        with ThreadPoolExecutor(1) as pool:
            try:
                held = pool.submit(self.ask, "/held")
                wait_until(self.go_on.with_suffix(".asked").exists)
                yield held
            finally:
                self.go_on.touch()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    port, health_port, log = free_port(), free_port(), tmp_path / "portal.log"
    go_on = tmp_path / "go-on"
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, f"--timeout={TIMEOUT_SECONDS}"]
    command += [f"--bind=127.0.0.1:{one}" for one in (port, health_port)]
    given = {**os.environ, "HEALTH_PORT": str(health_port), GO_ON: str(go_on)}
    with log.open("ab") as out:
        master = subprocess.Popen(
            [*command, "tests.support.portal.small_site:create_app()"],
            cwd=PROJECT,
            env=given,
            stdout=out,
            stderr=out,
        )
    try:
        wait_until(lambda: not is_free(port))
        yield Site(master, port, health_port, go_on, log)
    finally:
        master.terminate()
        master.wait(30)


def is_gone(pid: int) -> bool:
    return started_ticks(pid) is None


def test_a_worker_that_dies_is_replaced_and_nobody_is_refused_meanwhile(site: Site) -> None:
    first = site.worker()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: is_gone(first))
    assert site.worker() != first
    assert json.loads(site.ask("/healthz", site.health_port)) == {"status": "alive"}


def test_a_worker_whose_loop_hangs_is_replaced(site: Site) -> None:
    first = site.worker()
    os.kill(first, signal.SIGSTOP)
    assert site.worker() != first
    assert is_gone(first)


def test_a_page_that_takes_long_ends_no_worker(site: Site) -> None:
    first, began = site.worker(), time.monotonic()
    with site.a_held_page() as held:
        wait_until(lambda: time.monotonic() - began > TIMEOUT_SECONDS + 1.5)
        assert site.worker() == first
        site.go_on.touch()
        assert held.result(30) == "held"
    assert site.worker() == first


def test_a_page_under_way_is_answered_when_gunicorn_is_told_to_end(site: Site) -> None:
    with site.a_held_page() as held:
        site.master.send_signal(signal.SIGTERM)
        wait_until(lambda: is_free(site.port) and is_free(site.health_port))
        site.go_on.touch()
        assert held.result(30) == "held"
    assert site.master.wait(30) == 0


def test_no_worker_outlives_gunicorn(site: Site) -> None:
    worker = site.worker()
    site.master.kill()
    wait_until(lambda: is_gone(worker))
    assert is_free(site.port)
    assert is_free(site.health_port)


def test_a_new_worker_takes_over_while_the_old_one_ends(site: Site) -> None:
    first = site.worker()
    with site.a_held_page() as held:
        site.master.send_signal(signal.SIGHUP)
        second = wait_until(lambda: (found := site.worker()) != first and found)
        site.go_on.touch()
        assert held.result(30) == "held"
    wait_until(lambda: is_gone(first))
    assert site.worker() == second
    assert json.loads(site.ask("/readyz", site.health_port)) == {"status": "ready"}


def test_every_line_that_is_logged_is_json(site: Site) -> None:
    os.kill(site.worker(), signal.SIGKILL)
    site.worker()
    site.master.send_signal(signal.SIGTERM)
    site.master.wait(30)
    lines = [json.loads(line) for line in site.log.read_text().splitlines()]
    assert {line["service"] for line in lines} == {"portal"}
    assert {"portal_serves", "portal_ended"} <= {line["event"] for line in lines}
    assert any("SIGKILL" in line["event"] for line in lines)
