"""What is a council's own stands in the home of its stack, and is found by each process of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local.council import settings_of
from deploy.local.home import Notes, StackFailed, myself
from deploy.local.plan import environment, plan_ports, planned

OXFORDSHIRE = """# of the council
PORTAL_COUNCIL_NAME=Oxfordshire County Council
PORTAL_COUNCIL_ADDRESS="County Hall, New Road, Oxford"
PORTAL_COLOUR=#1d3c5c
MAIL_FROM=$HOME@example.org
PORTAL_SECRET=is not taken from here
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARETALLY_HOME", str(tmp_path))
    for name in ("PORTAL_COUNCIL_NAME", "PORTAL_COUNCIL_ADDRESS", "PORTAL_COLOUR", "MAIL_FROM"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_home_without_the_file_says_nothing(home: Path) -> None:
    assert settings_of(home) == {}


def test_every_process_finds_what_the_home_says_unless_who_starts_it_says_otherwise(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "council.env").write_text(OXFORDSHIRE)
    monkeypatch.setenv("PORTAL_COLOUR", "#000000")
    notes = Notes(myself(), amqp_url="amqp://a:b@127.0.0.1", admin_url="postgresql://a:b@127.0.0.1/c")
    plan_ports(home, notes, 8000, has_proxy=False)
    for process in planned():
        found = environment(process, notes)
        assert found["PORTAL_COUNCIL_NAME"] == "Oxfordshire County Council"
        assert found["PORTAL_COUNCIL_ADDRESS"] == "County Hall, New Road, Oxford"
        assert found["PORTAL_COLOUR"] == "#000000"
        assert found["MAIL_FROM"] == "$HOME@example.org"
        assert "PORTAL_SECRET" not in found


def test_a_line_that_says_nothing_is_named(home: Path) -> None:
    (home / "council.env").write_text("PORTAL_COLOUR\n")
    with pytest.raises(StackFailed, match="has the line “PORTAL_COLOUR”: write NAME=value"):
        settings_of(home)
