"""The portal asks several questions of a page at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from libs.common.errors import Refused
from services.portal.clients.gateway import Gateway

SECONDS = 5


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway("amqp://nobody@127.0.0.1:9/")
    yield gateway
    gateway.close()


@pytest.fixture
def question() -> Callable[[str], Callable[[], str]]:
    """Makes questions that are answered only when three are asked at the same time; ``refused`` is not answered."""
    met = threading.Barrier(3)

    def asked(word: str) -> Callable[[], str]:
        def ask() -> str:
            met.wait(SECONDS)
            if word == "refused":
                raise Refused("not_found", "There is no such thing.")
            return word

        return ask

    return asked


Question = Callable[[str], Callable[[], str]]


def test_questions_are_asked_at_once_and_answered_in_order(gateway: Gateway, question: Question) -> None:
    words = ["one", "two", "three"]
    assert gateway.all_at_once([question(word) for word in words]) == words
    assert gateway.all_three(*map(question, words)) == tuple(words)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_refusal_of_one_refuses_all(gateway: Gateway, question: Question, place: int) -> None:
    words = ["one", "two", "three"]
    words[place] = "refused"
    with pytest.raises(Refused, match="no such thing"):
        gateway.all_at_once([question(word) for word in words])
    with pytest.raises(Refused, match="no such thing"):
        gateway.all_three(*map(question, words))


def test_what_is_refused_is_left_out_of_the_answers_by_now(gateway: Gateway, question: Question) -> None:
    asked = {word: question(word) for word in ("one", "refused", "three")}
    assert gateway.answers_by_now(asked, seconds=SECONDS) == {"one": "one", "three": "three"}
