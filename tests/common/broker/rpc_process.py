"""Starts and ends a real RPC process for a test."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

from libs.common.rpc.signing import NOBODY_CHECKED
from tests.support.run.run_folder import run_folder
from tests.support.run.waiting import wait_until

PROJECT = Path(__file__).parents[3]


class RpcProcess:
    """`with RpcProcess(amqp_url, database_url) as process:` is ready inside the block."""

    def __init__(
        self,
        amqp_url: str,
        database_url: str,
        served: str = "tests.common.broker.probe_service:ProbeService",
        *,
        trusted_keys: str = NOBODY_CHECKED,
    ) -> None:
        self.amqp_url = amqp_url
        module, _, name = served.partition(":")
        self._program = f"from libs.common.rpc import serve_rpc; serve_rpc({module!r}, {name!r})"
        self.port = free_port()
        self._environment = {
            **os.environ,
            "AMQP_URL": amqp_url,
            "DATABASE_URL": database_url,
            "HEALTH_PORT": str(self.port),
            "LOG_LEVEL": "INFO",
            "RPC_TRUSTED_KEYS": trusted_keys,
            "CARETALLY_TRYING_OUT": "1" if trusted_keys == NOBODY_CHECKED else "",
        }
        self._log = run_folder() / f"rpc-{self.port}.log"
        self.popen: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        self.await_ready()
        return self

    def await_ready(self) -> None:
        wait_until(lambda: self.get("/readyz")[0] == 200, 30)

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        with self._log.open("wb") as log:
            command = [sys.executable, "-c", self._program]
            self.popen = subprocess.Popen(command, cwd=PROJECT, env=self._environment, stderr=log)

    def stop(self) -> int:
        """End it as a supervisor does; its exit status."""
        assert self.popen is not None
        if self.popen.poll() is None:
            self.popen.terminate()
        try:
            return self.popen.wait(15)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait(5)
            raise

    @property
    def pid(self) -> int:
        assert self.popen is not None
        return self.popen.pid

    def is_running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def get(self, path: str) -> tuple[int, str]:
        """(status, body) of its health server; (0, "") while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def log_lines(self) -> list[str]:
        return self._log.read_text().splitlines()

    def log_lines_of(self, event: str) -> list[dict[str, Any]]:
        """The log's lines about this event."""
        lines = [json.loads(line) for line in self.log_lines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == event]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
