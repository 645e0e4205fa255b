"""What a machine lacks is installed, or named in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.servers.install import CHROMIUM, RABBITMQ, ChromiumMissing, Program, ensure

LACKING = Program("a-package-of-no-name", lambda: None, ChromiumMissing, CHROMIUM.ask)


def test_a_program_that_is_there_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ensure(Program("bash", lambda: tmp_path, ChromiumMissing, "")) == tmp_path


@pytest.mark.parametrize("program", [LACKING, RABBITMQ])
def test_where_nothing_can_be_installed_a_sentence_says_what_to_do(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # neither apt-get nor sudo
    with pytest.raises(program.missing, match=r"is missing: install the package [\w-]+.*\.$"):
        ensure(Program(program.package, lambda: None, program.missing, program.ask))


def test_a_missing_program_is_installed_by_the_package_manager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script stands in the place of the package manager."""
    for name in ("apt-get", "env"):
        (tmp_path / name).write_text(f'#!/bin/sh\n/bin/echo "{name} $*" >> {tmp_path}/said\n')
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("deploy.local.servers.install.POLICY", tmp_path)  # there already: it is left alone
    monkeypatch.setattr("os.geteuid", lambda: 0)
    found: Iterator[Path | None] = iter((None, tmp_path))
    assert ensure(Program("chromium", lambda: next(found), ChromiumMissing, "")) == tmp_path
    assert (tmp_path / "said").read_text().splitlines() == [
        "apt-get update -qq",
        "env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium",
    ]


def test_where_it_can_not_be_installed_the_second_best_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ensure(Program("a-package", lambda: None, ChromiumMissing, "", lambda: tmp_path)) == tmp_path
