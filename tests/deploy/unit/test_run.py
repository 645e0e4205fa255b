"""How the processes of the image are started."""

from __future__ import annotations

import os

import pytest

from deploy.dev.load.people import PAUSE_SECONDS
from deploy.ops import run


def test_the_portal_keeps_a_connection_for_longer_than_people_look_at_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At the very moment in which it was closed a click would fail."""
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: started.append(command))
    run._portal()
    (command,) = started
    assert int(command[command.index("--keep-alive") + 1]) > PAUSE_SECONDS[1]
