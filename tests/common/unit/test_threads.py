"""A helper thread that ends is started again, and the process is not ready until it has lived for a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from libs.common.process import threads
from libs.common.process.threads import KeptThreads
from tests.support.run.waiting import wait_until


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptThreads]:
    monkeypatch.setattr(threads, "PAUSE_SECONDS", (0.01,))
    found = KeptThreads()
    yield found
    found.stop.set()
    found.join()


class Work:
    """Runs until it is told to end in some way, and again when it is started again."""

    def __init__(self) -> None:
        self.runs = 0
        self.ends = threading.Semaphore(0)
        self.error: BaseException | None = None

    def run(self, stop: threading.Event) -> None:
        self.runs += 1
        while not stop.is_set():
            if self.ends.acquire(timeout=0.02):
                if self.error is not None:
                    raise self.error
                return


@pytest.mark.parametrize(
    ("error", "why"),
    [(None, "it returned"), (ValueError("with data"), "ValueError"), (SystemExit(3), "SystemExit")],
)
def test_one_that_ends_makes_not_ready_and_is_started_again(
    kept: KeptThreads, error: BaseException | None, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()
    work.error = error
    kept.start("postman", work.run)
    wait_until(lambda: work.runs == 1)
    assert kept.reason() is None
    work.ends.release()
    wait_until(lambda: work.runs == 2)
    assert kept.reason() == f"the thread postman ended ({why}) and is started again"
    monkeypatch.setattr(threads, "WELL_AFTER_SECONDS", 0.0)
    wait_until(lambda: kept.reason() is None)
    assert kept.failed() == []


def test_one_that_ends_again_and_again_asks_for_a_new_process(kept: KeptThreads) -> None:
    work, other = Work(), Work()
    kept.start("relay", work.run)
    kept.start("other", other.run)
    for _ in range(threads.MOST_ENDS):
        work.ends.release()
    wait_until(lambda: kept.failed() == ["relay"])
    assert other.runs == 1


def test_one_that_lives_long_in_between_is_forgiven(
    kept: KeptThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "WELL_AFTER_SECONDS", -1.0)
    work = Work()
    kept.start("relay", work.run)
    for _ in range(threads.MOST_ENDS + 2):
        work.ends.release()
    wait_until(lambda: work.runs == threads.MOST_ENDS + 3)
    assert kept.failed() == []


def test_one_that_was_told_to_stop_did_not_end_by_itself(kept: KeptThreads) -> None:
    work = Work()
    kept.start("postman", work.run)
    kept.stop.set()
    kept.join()
    assert kept.reason() is None
