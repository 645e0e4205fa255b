"""The portal asks several questions of a page at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from libs.common.errors import Refused
from libs.common.rpc import SYSTEM
from services.portal.clients.gateway import Gateway

SECONDS = 5


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """Three questions are answered only when all three are asked at the same time."""
    met = threading.Barrier(3)

    def ask(self: Gateway, service: str, method: str, caller: Any, **payload: Any) -> Any:
        met.wait(SECONDS)
        if method == "refused":
            raise Refused("not_found", "There is no such thing.")
        return f"{service} {payload['number']}"

    monkeypatch.setattr(Gateway, "ask", ask)
    gateway = Gateway("amqp://nobody@127.0.0.1:9/")
    yield gateway
    gateway.close()


def questions(*methods: str) -> list[Any]:
    return [("ingest", method, {"number": number}) for number, method in enumerate(methods)]


def test_questions_are_asked_at_once_and_answered_in_order(gateway: Gateway) -> None:
    answers = gateway.ask_at_once(SYSTEM, *questions("one", "two", "three"))
    assert answers == ["ingest 0", "ingest 1", "ingest 2"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_refusal_of_one_refuses_all(gateway: Gateway, place: int) -> None:
    methods = ["one", "two", "three"]
    methods[place] = "refused"
    with pytest.raises(Refused, match="no such thing"):
        gateway.ask_at_once(SYSTEM, *questions(*methods))
