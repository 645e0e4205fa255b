"""Idempotency keys on a real database (DESIGN 4.2): one request does the work, the others get its answer."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Response
from sqlalchemy import text

from libs.common.errors import Refused
from services.portal.api.idempotency import IdempotencyKeys
from tests.support.portal.accounts import Clock, parts_on
from tests.support.run.waiting import wait_until

SECONDS = 20


class Keys:
    """The keys of a fresh asker, and what the database has of them."""

    def __init__(self, url: str) -> None:
        self.parts = parts_on(url, Clock())
        self.asker = uuid.uuid4().hex
        self.made: list[uuid.UUID] = []

    def once(
        self, work: Callable[[uuid.UUID], Response], key: str = "k", digest: bytes = b"same"
    ) -> Response:
        return IdempotencyKeys(self.parts.sessions).once(self.asker, key, digest, work)

    def makes(self, seed: uuid.UUID) -> Response:
        self.made.append(seed)
        return Response(f"made {len(self.made)}", 201, {"Location": "/there"})

    def goes_back(self, column: str, interval: str) -> None:
        """The row becomes older."""
        with self.parts.sessions.begin() as session:
            session.execute(
                text(
                    f"UPDATE idempotency_keys SET {column} = {column} - CAST(:interval AS interval) WHERE asker = :asker"
                ),
                {"interval": interval, "asker": self.asker},
            )


@pytest.fixture
def keys(portal_url: str) -> Iterator[Keys]:
    found = Keys(portal_url)
    yield found
    found.parts.close()


def code_of(ask: Callable[[], Response]) -> str:
    with pytest.raises(Refused) as refused:
        ask()
    assert refused.value.message.endswith(".")
    return refused.value.code


def test_the_first_answer_is_given_again(keys: Keys) -> None:
    first, again = keys.once(keys.makes), keys.once(keys.makes)
    assert (again.status_code, again.get_data(), again.headers["Location"]) == (
        201,
        first.get_data(),
        "/there",
    )
    assert "Idempotency-Replayed" in again.headers
    assert len(keys.made) == 1


def test_of_many_at_once_one_works_and_the_others_are_told_that_it_is_under_way(keys: Keys) -> None:
    may_end = threading.Event()

    def works_long(seed: uuid.UUID) -> Response:
        answer = keys.makes(seed)
        assert may_end.wait(SECONDS)
        return answer

    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(keys.once, works_long) for _ in range(6)]
        wait_until(lambda: sum(one.done() for one in asked) == 5)
        may_end.set()
    refused = [one.exception() for one in asked if one.exception() is not None]
    assert [error.code for error in refused if isinstance(error, Refused)] == ["in_flight"] * 5
    assert len(keys.made) == 1
    assert keys.once(keys.makes).get_data() == b"made 1"


def test_while_the_first_is_under_way_another_request_is_told_that_the_key_is_taken(keys: Keys) -> None:
    def asks_meanwhile(seed: uuid.UUID) -> Response:
        assert code_of(lambda: keys.once(keys.makes, digest=b"other")) == "key_used"
        assert code_of(lambda: keys.once(keys.makes)) == "in_flight"
        return keys.makes(seed)

    keys.once(asks_meanwhile)
    assert code_of(lambda: keys.once(keys.makes, digest=b"other")) == "key_used"
    assert len(keys.made) == 1


@pytest.mark.parametrize("answer", [Response("", 500), Response("", 503)])
def test_after_a_failure_of_ours_the_same_request_works_under_the_same_id(
    keys: Keys, answer: Response
) -> None:
    def fails(seed: uuid.UUID) -> Response:
        keys.made.append(seed)
        return answer

    keys.once(fails)
    with pytest.raises(ZeroDivisionError):
        keys.once(lambda seed: keys.made.append(seed) or Response(str(1 // 0)))
    assert keys.once(keys.makes).status_code == 201
    assert len(keys.made) == 3
    assert len(set(keys.made)) == 1


def test_the_key_of_a_process_that_died_is_taken_over_after_a_while_under_the_same_id(keys: Keys) -> None:
    seed = IdempotencyKeys(keys.parts.sessions)._claim(
        keys.asker, "k", b"same"
    )  # and no more is written down
    assert seed is not None
    assert code_of(lambda: keys.once(keys.makes)) == "in_flight"
    keys.goes_back("claimed_at", "15 seconds")
    assert code_of(lambda: keys.once(keys.makes)) == "in_flight"
    keys.goes_back("claimed_at", "6 seconds")
    assert code_of(lambda: keys.once(keys.makes, digest=b"other")) == "key_used"
    assert keys.once(keys.makes).status_code == 201
    assert keys.made == [seed]


def test_a_key_is_kept_for_24_hours(keys: Keys) -> None:
    keys.once(keys.makes)
    keys.goes_back("made_at", "23 hours 59 minutes")
    assert keys.once(keys.makes).get_data() == b"made 1"
    keys.goes_back("made_at", "2 minutes")
    assert keys.once(keys.makes, digest=b"other").get_data() == b"made 2"
    assert len(set(keys.made)) == 2


def test_keys_are_each_asker_s_own(keys: Keys, portal_url: str) -> None:
    other = Keys(portal_url)
    assert keys.once(keys.makes).get_data() == b"made 1"
    assert other.once(other.makes, digest=b"other").get_data() == b"made 1"
    other.parts.close()
