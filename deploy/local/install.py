"""Installs rabbitmq-server with the system's package manager, its system service kept from starting."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.rabbitmq import RabbitMQMissing, find_server

# Debian's packages ask this script before they start a service; 101 means no.
POLICY = Path("/usr/sbin/policy-rc.d")
SAY_NO = "#!/bin/sh\nexit 101\n"
ASK = "RabbitMQ is missing: install the package rabbitmq-server, or set AMQP_URL to a running broker."


def ensure_rabbitmq() -> None:
    """Make sure that rabbitmq-server is on this machine; RabbitMQMissing when it can't be had.

    Installs it as root, or with a sudo that asks for no password; says so on standard error.
    """
    if find_server() is not None:
        return
    before = _sudo()
    if before is None or shutil.which("apt-get") is None:
        raise RabbitMQMissing(ASK)
    print("Installing rabbitmq-server with the system's package manager.", file=sys.stderr)
    with _no_service_starts(before):
        _run([*before, "apt-get", "update", "-qq"], must=False)  # a stale list may still do
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "rabbitmq-server"]
        _run([*before, "env", "DEBIAN_FRONTEND=noninteractive", *install], must=True)
    if find_server() is None:
        raise RabbitMQMissing(ASK)


def _sudo() -> list[str] | None:
    """What to write before a command to run it as root; None when that can't be."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def _no_service_starts(before: list[str]) -> Iterator[None]:
    """Keep package scripts from starting services. A policy that is there already is left as it is."""
    ours = not POLICY.exists()
    if ours:
        subprocess.run([*before, "tee", POLICY], input=SAY_NO.encode(), capture_output=True, check=True)
        _run([*before, "chmod", "755", str(POLICY)], must=True)
    try:
        yield
    finally:
        if ours:
            _run([*before, "rm", "-f", str(POLICY)], must=True)


def _run(command: list[str], must: bool) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if must and done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["no reason given"]
        raise RabbitMQMissing(f"rabbitmq-server could not be installed ({last[0]}). {ASK}")
