"""What keeps things from being done is told by the error, to who asks and to who tries again."""

from __future__ import annotations

import errno
from pathlib import Path

import psycopg
import pytest
import sqlalchemy.exc
from psycopg import errors

from libs.common.errors import Refused, ServiceUnavailable, Why
from libs.common.files import objects
from libs.common.files.objects import read_object, write_object
from libs.common.messaging.failures import (
    FOR_EVER,
    PASSING_ATTEMPTS,
    UNKNOWN_ATTEMPTS,
    Verdict,
    attempts_allowed,
    judge,
)
from libs.common.operations.apart import is_for_parts
from libs.common.process import database
from libs.common.process.database import Patience, connect_arguments
from libs.common.process.probes import files_can_be_kept
from libs.common.process.troubles import trouble_of


def as_sqlalchemy(error: psycopg.Error) -> sqlalchemy.exc.OperationalError:
    return sqlalchemy.exc.OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("error", "why", "attempts"),
    [
        (as_sqlalchemy(errors.LockNotAvailable()), "held", FOR_EVER),
        (as_sqlalchemy(errors.DiskFull()), "full", FOR_EVER),
        (OSError(errno.ENOSPC, "No space left on device"), "full", FOR_EVER),
        (ServiceUnavailable(objects.NO_ROOM, "full"), "full", FOR_EVER),
        (as_sqlalchemy(errors.DeadlockDetected()), "held", PASSING_ATTEMPTS),
        (as_sqlalchemy(errors.QueryCanceled()), "held", PASSING_ATTEMPTS),
        (as_sqlalchemy(psycopg.OperationalError("the connection was lost")), "away", 1),
        (sqlalchemy.exc.TimeoutError("the pool"), "away", PASSING_ATTEMPTS),
        (RuntimeError("a bug"), None, UNKNOWN_ATTEMPTS),
        (OSError(errno.EACCES, "Permission denied"), None, UNKNOWN_ATTEMPTS),
        (as_sqlalchemy(errors.UniqueViolation()), "away", UNKNOWN_ATTEMPTS),
    ],
)
def test_an_error_says_why_and_how_often_to_try(error: Exception, why: Why | None, attempts: int) -> None:
    trouble = trouble_of(error)
    assert (trouble and trouble.why) == why
    assert attempts_allowed(judge(error)) == attempts


@pytest.mark.parametrize("error", [errors.LockNotAvailable(), errors.DiskFull(), errors.QueryCanceled()])
def test_what_passes_is_never_taken_in_parts(error: psycopg.Error) -> None:
    """So it is never set apart."""
    assert not is_for_parts(as_sqlalchemy(error))
    assert judge(as_sqlalchemy(error)) is not Verdict.UNKNOWN


def test_a_refusal_is_no_trouble() -> None:
    assert trouble_of(Refused("not_found", "There is no such file.")) is None


EVERY = [value for value in vars(database).values() if isinstance(value, Patience)]


@pytest.mark.parametrize("patience", EVERY)
def test_every_session_has_bounds_that_postgresql_takes(patience: Patience) -> None:
    assert patience.lock < patience.statement
    options = connect_arguments("ingest", patience)["options"]
    assert options.count("-c ") == 4
    assert f"-c lock_timeout={round(patience.lock * 1000)}" in options
    assert "=0" not in options


def test_who_asks_hears_of_a_lock_before_it_gives_up() -> None:
    from services.portal.clients.gateway import CALL_SECONDS

    assert database.ANSWERS.lock < CALL_SECONDS
    assert database.LONG_ANSWERS.lock < CALL_SECONDS
    assert 2 * database.PAGES.lock < 5


class NoRoom:
    """A body that meets a full disk after its first part."""

    def __init__(self) -> None:
        self.parts = [b"x" * 100]

    def seek(self, _: int) -> None:
        """It is at its beginning."""

    def read(self, _: int) -> bytes:
        if self.parts:
            return self.parts.pop()
        raise OSError(errno.ENOSPC, "No space left on device")


def test_of_a_file_without_room_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(objects.OBJECTS_VARIABLE, f"file://{tmp_path}/objects")
    body: object = NoRoom()
    with pytest.raises(ServiceUnavailable, match="no room") as caught:
        write_object("visits-files/a.csv", body)  # type: ignore[arg-type]
    assert caught.value.why == "full"
    with pytest.raises(FileNotFoundError):
        read_object("visits-files/a.csv")


def test_the_folder_of_files_is_tried_and_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(objects.OBJECTS_VARIABLE, f"file://{tmp_path}/objects")
    assert files_can_be_kept() is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    (tmp_path / "objects" / "probes").rmdir()
    (tmp_path / "objects" / "probes").write_text("in the way")
    assert files_can_be_kept() is not None
    monkeypatch.delenv(objects.OBJECTS_VARIABLE)
    assert files_can_be_kept() is None
