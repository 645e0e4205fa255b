"""A browser that sends a large file and is not signed in any more gets its answer, not a broken connection."""

from __future__ import annotations

import http.client

import pytest

from tests.faults.test_many_guesses import Running, running, running_of_all

__all__ = ["running", "running_of_all"]

SENT_WITH_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("megabytes", [1, 20, 60])
def test_the_answer_comes_when_all_is_sent(running: Running, megabytes: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=120)
    connection.request("POST", "/visits-files", b"a" * megabytes * 1_000_000, SENT_WITH_FORM)
    answer = connection.getresponse()
    assert answer.status == 303
    assert (answer.headers["Location"] or "").startswith("/login?next=/visits-files")
    connection.close()
