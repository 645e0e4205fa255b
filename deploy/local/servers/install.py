"""Installs programs with the system's package manager, their system services kept from starting."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.servers.rabbitmq import RabbitMQMissing, find_server

# Debian's packages ask this script before they start a service; 101 means no.
POLICY = Path("/usr/sbin/policy-rc.d")
SAY_NO = "#!/bin/sh\nexit 101\n"


class ChromiumMissing(Exception):
    """No chromium on this machine."""


@dataclass(frozen=True)
class Program:
    """What a machine may lack. `ask`: the sentence for whoever must install the package by hand."""

    package: str
    find: Callable[[], Path | None]
    missing: type[Exception]
    ask: str
    find_second_best: Callable[[], Path | None] = lambda: None
    """what will do where the package can't be installed"""


def find_on_path(name: str) -> Callable[[], Path | None]:
    """Finds a program by its name."""

    def find() -> Path | None:
        found = shutil.which(name)
        return Path(found) if found else None

    return find


RABBITMQ = Program(
    "rabbitmq-server",
    find_server,
    RabbitMQMissing,
    "RabbitMQ is missing: install the package rabbitmq-server, or set AMQP_URL to a running broker.",
)
# Its headless shell shows the same pages in less time than the whole one, and is half as large.
CHROMIUM = Program(
    "chromium-headless-shell",
    find_on_path("chromium-headless-shell"),
    ChromiumMissing,
    "Chromium, in which pages are tested, is missing: install the package chromium-headless-shell, or chromium.",
    find_on_path("chromium"),
)


def ensure_rabbitmq() -> None:
    """Make sure that rabbitmq-server is on this machine; RabbitMQMissing when it can't be had."""
    ensure(RABBITMQ)


def ensure(program: Program) -> Path:
    """Where the program is; its `missing` is raised when it can't be had.

    Installs it as root, or with a sudo that asks for no password; says so on standard error.
    """
    found = program.find()
    if found is None:
        refused = _install(program)
        found = program.find() or program.find_second_best()
        if found is None:
            raise program.missing(refused or program.ask)
    return found


def _install(program: Program) -> str | None:
    """Install it; in a sentence why that could not be."""
    before = _sudo()
    if before is None or shutil.which("apt-get") is None:
        return program.ask
    print(f"Installing {program.package} with the system's package manager.", file=sys.stderr)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", program.package]
    with _no_service_starts(before):
        _output([*before, "apt-get", "update", "-qq"])  # a stale list may still do
        status, words = _output([*before, "env", "DEBIAN_FRONTEND=noninteractive", *install])
    return f"{program.package} could not be installed ({words}). {program.ask}" if status else None


def _sudo() -> list[str] | None:
    """What to write before a command to run it as root; None when that can't be."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _output(["sudo", "-n", "true"])[0] == 0:
        return ["sudo", "-n"]
    return None


@contextmanager
def _no_service_starts(before: list[str]) -> Iterator[None]:
    """Keep package scripts from starting services. A policy that is there already is left as it is."""
    ours = not POLICY.exists()
    if ours:
        subprocess.run([*before, "tee", POLICY], input=SAY_NO.encode(), capture_output=True, check=True)
        subprocess.run([*before, "chmod", "755", str(POLICY)], check=True)
    try:
        yield
    finally:
        if ours:
            subprocess.run([*before, "rm", "-f", str(POLICY)], check=True)


def _output(command: list[str]) -> tuple[int, str]:
    """A command's status, and the last line that it said."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return done.returncode, lines[-1] if lines else "no reason given"
