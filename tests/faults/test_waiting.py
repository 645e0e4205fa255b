"""A locked table, a full disk, a broker that takes no messages: each is said within seconds, and all goes on afterwards."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import requests
import sqlalchemy.exc
from sqlalchemy import text

from deploy.local.servers.rabbitmq import running_rabbitmq
from libs.common.messaging.failures import Verdict, judge
from libs.common.process.database import COMMANDS, engine
from libs.common.process.probes import database_answers
from libs.common.process.troubles import trouble_of
from tests.support.builders.visit_files import a_file, a_row
from tests.support.run.waiting import wait_until
from tests.support.stack.one_provider import a_provider
from tests.support.stack.stack import Stack

ANSWER_SECONDS = 10.0
"""Five are promised; the machine of a test has other work."""
COMMAND_SECONDS = 25.0
"""A command starts, asks again for six seconds at most, and says why not."""


class Asker:
    """The council's, or a provider's, system at the API of a stack; how long each answer took is asserted."""

    def __init__(self, stack: Stack, provider: str | None = None) -> None:
        self._url = f"{stack.notes().portal_url}/api/v1"
        whose = ("--organisation", provider) if provider else ()
        self._headers = {"Authorization": f"Bearer {stack.ask('token', 'add', *whose)['token']}"}

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **asked: Any
    ) -> requests.Response:
        began = time.monotonic()
        answer = requests.request(
            method, self._url + path, headers={**self._headers, **(headers or {})}, timeout=60, **asked
        )
        assert time.monotonic() - began < ANSWER_SECONDS
        return answer


@pytest.fixture(scope="module")
def asker(stack: Stack) -> Asker:
    return Asker(stack)


def sentence_of(stack: Stack, *arguments: str | Path) -> str:
    """The last line of a command that must fail within seconds."""
    began = time.monotonic()
    done = stack.run(*arguments)
    assert time.monotonic() - began < COMMAND_SECONDS
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def await_reason(stack: Stack, name: str, words: str) -> None:
    """Until `status` says so of a process."""

    def says_so() -> bool:
        reasons = {one["name"]: one.get("reason") or "" for one in stack.ask("status")["processes"]}
        return words in reasons[name]

    wait_until(says_so, 30)


def assert_problem(answer: requests.Response, words: str) -> None:
    assert answer.status_code == 503, answer.text
    assert words in answer.json()["detail"]
    assert int(answer.headers["Retry-After"]) > 0


def test_a_locked_table_is_said_and_waited_for_by_nobody(stack: Stack, asker: Asker) -> None:
    with psycopg.connect(stack.notes().admin_url) as somebody:
        somebody.execute("LOCK TABLE payments.weeks, ingest.visits_files IN ACCESS EXCLUSIVE MODE")
        assert_problem(asker.ask("GET", f"/visits-files/{uuid.uuid4()}"), "holds")
        assert "holds what it needs" in sentence_of(stack, "books")
        await_reason(stack, "payments-rpc", "somebody holds a lock on weeks")
        await_reason(stack, "ingest-worker", "somebody holds a lock on visits_files")
    assert asker.ask("GET", f"/visits-files/{uuid.uuid4()}").status_code == 404
    stack.books()
    stack.await_ready()


def test_a_broker_that_takes_no_messages_is_said_and_all_goes_on_when_it_does(
    stack: Stack, asker: Asker, tmp_path: Path
) -> None:
    server = running_rabbitmq(stack.home / "rabbitmq")
    if server is None:
        pytest.skip("the broker of this stack is somebody else's, or in a container")
    provider = a_provider(tmp_path)
    provider.import_care(stack)
    server.control("set_vm_memory_high_watermark", "0.0001")
    try:
        await_reason(stack, "broker", "short of memory or disk")
        await_reason(stack, "ingest-worker", "short of memory or disk")
        await_reason(stack, "portal", "short of memory or disk")
        assert_problem(asker.ask("GET", f"/visits-files/{uuid.uuid4()}"), "takes no messages")
        assert "takes no messages" in sentence_of(stack, "books")
        assert "takes no messages" in sentence_of(stack, "resync", "care")
    finally:
        server.control("set_vm_memory_high_watermark", "0.6")
    stack.await_ready()
    provider.pay(stack)
    assert stack.books()["payable"][provider.name] == "10.00"


@contextmanager
def a_small_disk(folder: Path, size: str, owner: int = 0) -> Iterator[None]:
    """A file system of a size in the place of a folder, which is a user's alone."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk (tmpfs)")
    options = f"size={size},mode=0700,uid={owner}"
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False)
    if made.returncode:
        pytest.skip("this machine lets nobody mount a small disk (tmpfs)")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that leaves no room beside it."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return filler


def test_a_full_folder_of_files_is_said_and_the_same_upload_is_taken_when_there_is_room(
    stack: Stack, tmp_path: Path
) -> None:
    provider = a_provider(tmp_path)
    provider.import_care(stack)
    asker = Asker(stack, provider.name)
    file = tmp_path / "visits.csv"
    file.write_text(a_file(a_row()))
    key = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "text/csv"}
    path = "/visits-files"
    with a_small_disk(stack.home / "objects", "1m"):
        filler = fill(stack.home / "objects")
        assert_problem(asker.ask("POST", path, headers=key, data=file.read_bytes()), "A disk is full")
        assert "no room" in sentence_of(stack, "visits", "import", file, "--organisation", provider.name)
        await_reason(stack, "portal", "no room left")
        await_reason(stack, "ingest-worker", "no room left")
        filler.unlink()
        taken = asker.ask("POST", path, headers=key, data=file.read_bytes())
        assert taken.status_code in (201, 202), taken.text
        checked = f"/visits-files/{taken.json()['id']}"
        wait_until(lambda: asker.ask("GET", checked).json()["state"] in ("checked", "refused"))
        wait_until(lambda: asker.ask("GET", checked).json()["forecast"] is not None)
        asker.ask("DELETE", checked)
        stack.books()
    stack.await_ready()


@pytest.fixture
def small_database(postgres_admin_url: str) -> Iterator[tuple[str, Path]]:
    """The URL of a database on a small disk, and its folder."""
    folder = Path(tempfile.mkdtemp(prefix="caretally-small-", dir="/var/tmp"))
    with psycopg.connect(postgres_admin_url, autocommit=True) as admin:
        data = Path(str(admin.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
        if not data.exists():
            pytest.skip("the database is on another machine")
        with a_small_disk(folder, "24m", data.stat().st_uid):
            admin.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")  # type: ignore[call-overload]
            admin.execute("CREATE DATABASE caretally_small TABLESPACE small")
            try:
                yield urlsplit(postgres_admin_url)._replace(path="/caretally_small").geturl(), folder
            finally:
                (folder / "filler").unlink(missing_ok=True)
                admin.execute("DROP DATABASE caretally_small WITH (FORCE)")
                admin.execute("DROP TABLESPACE small")
    folder.rmdir()


def test_a_full_disk_of_the_database_is_known_is_held_up_and_passes(small_database: tuple[str, Path]) -> None:
    url, folder = small_database
    check = database_answers(url, "public")
    bind = engine(url, "public", patience=COMMANDS)
    insert = text("INSERT INTO kept SELECT repeat(md5(n::text), 60) FROM generate_series(1, 5000) AS n")
    with bind.begin() as connection:
        connection.execute(text("CREATE TABLE kept (words text)"))
    assert wait_until(lambda: check() is None)
    filler = fill(folder)
    assert check() == "the disk of its database is full"
    error = error_of(lambda: execute(bind, insert))
    trouble = trouble_of(error)
    assert trouble is not None
    assert trouble.why == "full"
    assert judge(error) is Verdict.HELD_UP
    filler.unlink()
    execute(bind, insert)
    assert check() is None
    bind.dispose()


def execute(bind: sqlalchemy.Engine, statement: sqlalchemy.TextClause) -> None:
    with bind.begin() as connection:
        connection.execute(statement)


def error_of(do: Callable[[], object]) -> sqlalchemy.exc.DBAPIError:
    with pytest.raises(sqlalchemy.exc.DBAPIError) as caught:
        do()
    return caught.value
