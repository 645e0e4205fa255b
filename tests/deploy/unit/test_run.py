"""How the processes of the image are started."""

from __future__ import annotations

import os

import pytest

from deploy.dev.load.people import PAUSE_SECONDS
from deploy.ops import run
from services.portal.web.serving.connections import KEPT_SECONDS
from services.portal.web.serving.server import GRACE_SECONDS

STOP_SECONDS = 10
"""What a container has between being asked to end and being killed."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that this process would have become."""
    found: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: found.append(command))
    for name in ("PORTAL_HOST", "PORTAL_PORT", "HEALTH_HOST", "HEALTH_PORT"):
        monkeypatch.delenv(name, raising=False)
    return found


def values_of(command: list[str], option: str) -> list[str]:
    return [word.partition("=")[2] for word in command if word.partition("=")[0] == option]


def test_the_portal_keeps_a_connection_for_longer_than_people_look_at_a_page() -> None:
    """At the very moment in which it was closed a click would fail."""
    assert PAUSE_SECONDS[1] < KEPT_SECONDS


def test_gunicorn_lets_its_worker_finish_and_a_container_lets_gunicorn(started: list[list[str]]) -> None:
    run._portal()
    (command,) = started
    (patience,) = values_of(command, "--graceful-timeout")
    assert GRACE_SECONDS < int(patience) < STOP_SECONDS


@pytest.mark.parametrize(
    ("given", "addresses"),
    [
        ({}, ["127.0.0.1:8000"]),
        ({"PORTAL_HOST": "0.0.0.0", "PORTAL_PORT": "80"}, ["0.0.0.0:80"]),
        ({"HEALTH_PORT": "0"}, ["127.0.0.1:8000"]),
        ({"HEALTH_PORT": "8000"}, ["127.0.0.1:8000"]),
        ({"HEALTH_PORT": "8080"}, ["127.0.0.1:8000", "127.0.0.1:8080"]),
        ({"HEALTH_PORT": "8080", "HEALTH_HOST": "0.0.0.0"}, ["127.0.0.1:8000", "0.0.0.0:8080"]),
    ],
)
def test_the_portal_listens_for_pages_and_for_health(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch, given: dict[str, str], addresses: list[str]
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    run._portal()
    assert values_of(started[0], "--bind") == addresses
