"""The broker in a container, as far as it goes without an engine: who is asked, for what, and what a failure says.

The engine here is a small HTTP server that speaks the part of Docker's interface that is asked first."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploy.local.servers import backing, containers
from deploy.local.servers.rabbitmq import RabbitMQFailed, RabbitMQMissing

VERSION = {"ApiVersion": "1.44", "MinAPIVersion": "1.24", "Version": "27.0"}


class Engine(ThreadingHTTPServer):
    """Says that it is there, and makes no container. `asked`: (method, path, body) of each request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str, Any]] = []

    @property
    def host(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Engine

    def do_GET(self) -> None:
        self.server.asked.append(("GET", self.path, None))
        path = self.path.partition("?")[0]
        if path.endswith("/_ping"):
            self._answer(200, b"OK")
        else:
            self._answer(200, json.dumps(VERSION if path.endswith("/version") else {}).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.asked.append(("POST", self.path, json.loads(body) if body else None))
        self._answer(500, b'{"message": "no space left on device"}')

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    from testcontainers.core.config import testcontainers_config

    server = Engine()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.setenv("DOCKER_HOST", server.host)
    monkeypatch.setattr(testcontainers_config, "ryuk_disabled", True)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without rabbitmq-server, where it can't be installed."""

    def raise_missing() -> None:
        raise RabbitMQMissing("RabbitMQ is missing: install the package rabbitmq-server.")

    monkeypatch.setattr(backing, "ensure_rabbitmq", raise_missing)


def test_an_engine_that_answers_is_found(engine: Engine) -> None:
    assert containers.engine_answers()
    assert any(path.endswith("/_ping") for _, path, _ in engine.asked)


def test_an_engine_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    assert not containers.engine_answers()


def test_a_broker_with_its_management_port_is_asked_for_and_a_failure_says_why(engine: Engine) -> None:
    with pytest.raises(RabbitMQFailed, match=r"container did not start: .*no space left on device"):
        containers.start_container()
    (wanted,) = (body for _, path, body in engine.asked if "/containers/create" in path)
    assert wanted["Image"] == containers.IMAGE
    assert set(wanted["ExposedPorts"]) == {"5672/tcp", f"{containers.MANAGEMENT_PORT}/tcp"}


def test_without_an_engine_the_failure_is_the_same_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    with pytest.raises(RabbitMQFailed, match="container did not start"):
        containers.start_container()


def test_a_machine_without_rabbitmq_takes_a_container_where_an_engine_answers(
    engine: Engine, no_server: None, tmp_path: Path
) -> None:
    start = backing.broker_starter(tmp_path, "a secret of tests")
    with pytest.raises(RabbitMQFailed, match="no space left"):
        start()


def test_a_machine_with_neither_is_told_what_to_install(
    no_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    with pytest.raises(RabbitMQMissing, match=r"install the package rabbitmq-server\."):
        backing.broker_starter(tmp_path, "a secret of tests")


class Removed:
    """A container that was removed behind our back."""

    def get_wrapped_container(self) -> Removed:
        return self

    def reload(self) -> None:
        from docker.errors import NotFound

        raise NotFound("no such container")


def test_a_container_that_was_removed_is_not_alive(engine: Engine) -> None:
    management: Any = None
    assert not containers.ContainerBroker(Removed(), "amqp://", management).alive()
