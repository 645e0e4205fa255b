"""Every command of docker-compose.yml, run as a container would run it: the image's entry point, with the environment
that the file gives and nothing else. Only the places of the servers, ports and folders are this machine's."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.local.home import PROJECT
from deploy.local.machine.ports import free_port
from deploy.local.probe import answers_ready
from libs.common.process.given import as_user
from tests.support.run.waiting import wait_until
from tests.support.stack.compose import TRYING_OUT, Container, containers

STOP_SECONDS = 30
"""An engine waits ten before it kills; here all end at once, on two cores."""
COPIES = 2
ADMINISTRATOR = "caretally"
NO_PASSWORD = "none"
"""Where a server lets its administrator in without one: a secret is never empty."""


@dataclass(frozen=True)
class Here:
    """What is this machine's in the place of what the file says of its own network."""

    database_url: str
    """of an administrator, as the two below: a stack of its own in each server"""
    amqp_url: str
    management_url: str
    secrets: Path
    """the folder for trying out, with the passwords of these administrators"""
    objects: Path
    prefix: str
    """of all names in the servers, where stacks of other tests are too"""


@pytest.fixture
def here(database: Callable[[], str], rabbitmq: Any, vhost: str, tmp_path: Path) -> Here:
    management = rabbitmq.management
    management_url = f"http://{management.user}:{management.password}@{management.host}:{management.port}"
    secrets, objects, prefix = tmp_path / "secrets", tmp_path / "objects", f"c{uuid.uuid4().hex[:8]}_"
    shutil.copytree(PROJECT / TRYING_OUT["CARETALLY_SECRETS"], secrets)
    objects.mkdir()
    found = Here(database(), vhost, management_url, secrets, objects, prefix)
    for name, url in (("database", found.database_url), ("broker", vhost)):
        (secrets / "administrator" / f"{name}_password").write_text(urlsplit(url).password or NO_PASSWORD)
    return found


def move_here(container: Container, here: Here) -> Container:
    """The container on this machine: what the file does not set is not set here either."""
    port = str(free_port())
    inside = {path: str(PROJECT / file) for path, file in container.secrets.items()}
    addresses = {
        "DATABASE_ADMIN_URL": here.database_url,
        "DATABASE_URL": here.database_url,
        "AMQP_URL": here.amqp_url,
        "AMQP_MANAGEMENT_URL": here.management_url,
    }
    given = {
        name: address_here(container.environment[name], address, here.prefix)
        for name, address in addresses.items()
        if name in container.environment
    }
    given |= {
        name: inside[path]
        for name, path in container.environment.items()
        if name.endswith("_FILE") and path in inside
    }
    given |= {
        name: value
        for name, value in (
            ("CARETALLY_SECRETS", here.secrets),
            ("CARETALLY_OBJECTS", f"file://{here.objects}"),
        )
        if name in container.environment
    }
    given |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HEALTH_PORT": port}
    given |= {"PORTAL_PORT": str(free_port({int(port)}))} if container.name == "portal" else {}
    given |= {"CARETALLY_PREFIX": here.prefix, "PYTHONPATH": str(PROJECT)}
    return replace(container, environment=container.environment | given)


def address_here(said: str, administrators: str, prefix: str) -> str:
    """The address of the same user in the server of this machine, without a password: that is in a file."""
    user = urlsplit(said).username
    return as_user(
        administrators,
        urlsplit(administrators).username or "" if user == ADMINISTRATOR else f"{prefix}{user}",
        "",
    )


def entry(container: Container) -> list[str]:
    return ["python", "-m", "deploy.ops.run", *container.arguments]


@contextmanager
def run_all(lasting: list[Container], folder: Path) -> Iterator[None]:
    """The processes until the block ends; each must end by itself in time, when it is told to."""
    logs = [folder / f"{container.name}-{container.environment['HEALTH_PORT']}.log" for container in lasting]
    started = [begin_process(container, folder, log) for container, log in zip(lasting, logs, strict=True)]
    try:
        yield
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        late = [process for process in started if not end_in_time(process, until)]
    assert late == []
    for container, process, log in zip(lasting, started, logs, strict=True):
        status = process.returncode
        assert status in (0, -signal.SIGTERM), (container.name, status, log.read_text()[-2000:])


def begin_process(container: Container, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            entry(container), env=container.environment, cwd=folder, stdout=out, stderr=out
        )


def end_in_time(process: subprocess.Popen[bytes], until: float) -> bool:
    """Whether it ended by itself; if not, it is killed."""
    try:
        process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def is_healthy(container: Container) -> bool:
    """What the engine would find."""
    done = subprocess.run(
        container.health, env=container.environment, capture_output=True, timeout=30, check=False
    )
    return done.returncode == 0


def test_every_command_of_the_compose_file_runs_until_it_is_ready_also_twice(
    here: Here, tmp_path: Path
) -> None:
    started = [
        one for one in containers(TRYING_OUT | {"CARETALLY_SECRETS": str(here.secrets)}) if not one.by_request
    ]
    jobs = [move_here(one, here) for one in started if not one.health]
    lasting = [move_here(one, here) for one in started if one.health for _ in range(COPIES)]
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
    with run_all(lasting, tmp_path):
        for container in lasting:
            wait_until(
                lambda port=container.environment["HEALTH_PORT"]: answers_ready(f"http://127.0.0.1:{port}"),
                90,
            )
            assert is_healthy(container), container.name
        for portal in (container for container in lasting if container.name == "portal"):
            address = f"http://127.0.0.1:{portal.environment['PORTAL_PORT']}/login"
            with urllib.request.urlopen(address, timeout=60) as answer:
                assert answer.status == 200
