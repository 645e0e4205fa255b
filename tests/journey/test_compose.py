"""Every command of docker-compose.yml, run as a container would run it: the image's entry point, with the environment
that the file gives and nothing else. Only the places of the servers, ports and folders are this machine's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.local.home import PROJECT
from deploy.local.ports import free_port
from tests.compose import Container, containers
from tests.waiting import wait_until

STOP_SECONDS = 10
"""What an engine waits before it kills."""
COPIES = 2


@pytest.fixture
def here(database: Callable[[], str], rabbitmq: Any, vhost: str, tmp_path: Path) -> dict[str, str]:
    """What is this machine's in the place of what the file says of its own network."""
    admin_url, management = database(), rabbitmq.management
    (tmp_path / "objects").mkdir()
    return {
        "DATABASE_ADMIN_URL": admin_url,
        "DATABASE_PLACE": place_of(admin_url),
        "AMQP_URL": vhost,
        "AMQP_PLACE": place_of(vhost),
        "AMQP_MANAGEMENT_URL": f"http://{management.user}:{management.password}@{management.host}:{management.port}",
        "CARETALLY_OBJECTS": f"file://{tmp_path / 'objects'}",
        "PYTHONPATH": str(PROJECT),
    }


def place_of(url: str) -> str:
    """host:port/name"""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


def moved(container: Container, here: dict[str, str], prefix: str) -> Container:
    """The container on this machine: what the file does not set is not set here either."""
    port = str(free_port())
    environment = container.environment | {
        name: value for name, value in here.items() if name in container.environment
    }
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HEALTH_PORT": port}
    environment |= {"PORTAL_PORT": port} if container.name == "portal" else {}
    # other stacks of the tests are in the same servers
    return replace(container, environment=environment | {"CARETALLY_PREFIX": prefix})


def entry(container: Container) -> list[str]:
    return ["python", "-m", "deploy.run", *container.arguments]


@contextmanager
def running(container: Container, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The process until the block ends; it must end by itself in time, when it is told to."""
    log = folder / f"{container.name}-{container.environment['HEALTH_PORT']}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            entry(container), env=container.environment, cwd=folder, stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    assert status in (0, -signal.SIGTERM), (container.name, status, log.read_text()[-2000:])


def is_healthy(container: Container) -> bool:
    """What the engine would find."""
    done = subprocess.run(
        container.health, env=container.environment, capture_output=True, timeout=30, check=False
    )
    return done.returncode == 0


def test_every_command_of_the_compose_file_runs_until_it_is_ready_also_twice(
    here: dict[str, str], tmp_path: Path
) -> None:
    prefix = f"c{uuid.uuid4().hex[:8]}_"
    jobs = [moved(container, here, prefix) for container in containers() if not container.health]
    lasting = [
        moved(container, here, prefix)
        for container in containers()
        if container.health
        for _ in range(COPIES)
    ]
    assert [job.name for job in jobs] == ["migrate", "broker"]
    for job in jobs:
        done = subprocess.run(
            entry(job),
            env=job.environment,
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (job.name, done.stderr)
    assert not any(is_healthy(container) for container in lasting[:1])
    with ExitStack() as stack:
        for container in lasting:
            stack.enter_context(running(container, tmp_path))
        for container in lasting:
            wait_until(partial(is_healthy, container), 90)
        for portal in (container for container in lasting if container.name == "portal"):
            address = f"http://127.0.0.1:{portal.environment['PORTAL_PORT']}/login"
            with urllib.request.urlopen(address, timeout=10) as answer:
                assert answer.status == 200
