"""The portal's only way to the services: the typed clients ask through this, and nothing else asks by RPC."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import g, has_request_context

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.rpc import SYSTEM, Caller
from libs.common.rpc.client import RpcClient
from libs.common.rpc.signing import Signer
from libs.common.seams.clients_named import MOST, clients_in

SERVICES = ("ingest", "matching", "payments", "disputes")
# Whoever waits for a page or an answer is told within five seconds that a service is away.
CALL_SECONDS = 3.5
PRESENCE_SECONDS = 1.0
QUICK_THREADS = 24
"""Eight pages at once may ask three services each: a service that is away holds up no other's answer."""
PAGE_THREADS = 24
"""Eight pages at once may ask three questions more each, beside the one that the page itself waits for."""

Answer = TypeVar("Answer")
Other = TypeVar("Other")
Third = TypeVar("Third")
Fourth = TypeVar("Fourth")


@dataclass(frozen=True)
class Presence:
    """Whether a service answers."""

    service: str
    answers: bool


class Gateway:
    """Asks the services on behalf of whoever is signed in.

    `g.lists_asked` has what pages of lists were asked for, by (service, method): whole lists are counted by the same.
    """

    def __init__(
        self, amqp_url: str, call_seconds: float = CALL_SECONDS, signer: Signer | None = None
    ) -> None:
        """signer: who signs what is asked; what the environment says when None."""
        self._client = RpcClient(amqp_url, call_seconds, signer)
        self._quick_client = RpcClient(amqp_url, PRESENCE_SECONDS, signer)
        self._threads = ThreadPoolExecutor(QUICK_THREADS, thread_name_prefix="quick")
        self._page_threads = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")

    def ask(self, service: str, method: str, caller: Caller, **payload: Any) -> Any:
        """A service's answer to this caller. Raises Refused, and ServiceUnavailable within call_seconds."""
        if "limit" in payload and has_request_context():
            g.setdefault("lists_asked", {})[service, method] = payload
        return _noted(caller, self._client.call(service, method, caller, **payload))

    def ask_quickly(self, service: str, method: str, caller: Caller, **payload: Any) -> Any:
        """The same within PRESENCE_SECONDS, for what a page can do without."""
        return _noted(caller, self._quick_client.call(service, method, caller, **payload))

    def both(self, first: Callable[[], Answer], second: Callable[[], Other]) -> tuple[Answer, Other]:
        """The answers to two questions that do not wait for one another. Raises what either raises."""
        asked = self._submit(second)
        return first(), asked.result()

    def all_three(
        self, first: Callable[[], Answer], second: Callable[[], Other], third: Callable[[], Third]
    ) -> tuple[Answer, Other, Third]:
        """The answers to three questions that do not wait for one another. Raises what any raises."""
        asked, also_asked = self._submit(second), self._submit(third)
        return first(), asked.result(), also_asked.result()

    def all_four(
        self,
        first: Callable[[], Answer],
        second: Callable[[], Other],
        third: Callable[[], Third],
        fourth: Callable[[], Fourth],
    ) -> tuple[Answer, Other, Third, Fourth]:
        """The answers to four questions that do not wait for one another. Raises what any raises."""
        asked, also_asked = self._submit(second), self._submit(third)
        asked_last = self._submit(fourth)
        return first(), asked.result(), also_asked.result(), asked_last.result()

    def all_at_once(self, questions: Sequence[Callable[[], Answer]]) -> list[Answer]:
        """The answers to questions of a kind that do not wait for one another, in order. Raises what any raises."""
        first, *others = questions
        asked = [self._submit(question) for question in others]
        return [first(), *(future.result() for future in asked)]

    def _submit(self, question: Callable[[], Answer]) -> Future[Answer]:
        """Have another thread ask; it knows the request that is answered, as the page does."""
        return self._page_threads.submit(copy_context().run, question)

    def answers_by_now(
        self, questions: Mapping[str, Callable[[], Answer]], *, seconds: float = PRESENCE_SECONDS
    ) -> dict[str, Answer]:
        """The answers to questions, all asked at once, by the name that each has here.

        Whatever is not answered within so many seconds, or is refused, is left out. For PRESENCE_SECONDS the questions
        are those of quick clients.
        """
        asked = {
            name: self._threads.submit(copy_context().run, question) for name, question in questions.items()
        }
        wait(asked.values(), seconds)
        answers = {name: _answer_by_now(future) for name, future in asked.items()}
        return {name: answer for name, answer in answers.items() if answer is not None}

    def close(self) -> None:
        """Give all connections back."""
        self._client.close()
        self._quick_client.close()
        self._threads.shutdown(wait=False)
        self._page_threads.shutdown(wait=False)

    def presences(self) -> list[Presence]:
        """Which services answer, all asked at once; takes at most a second or so."""
        return list(self._threads.map(self._presence, SERVICES))

    def check(self) -> str | None:
        """A health check: can services be asked?"""
        return self._quick_client.check()

    def _presence(self, service: str) -> Presence:
        try:
            self._quick_client.call(service, "health", SYSTEM)
        except ServiceUnavailable:
            return Presence(service, False)
        except Refused:
            return Presence(service, True)  # it has no such method, or no database: it answers all the same
        return Presence(service, True)


def _noted(caller: Caller, answer: Any) -> Any:
    """The same answer; `g.clients_shown` names its clients, for evidence. What the system asks is not shown."""
    if caller["role"] != "system" and isinstance(answer, dict | list) and has_request_context():
        shown: dict[str, None] = g.setdefault("clients_shown", {})
        if len(shown) < MOST:
            shown.update(dict.fromkeys(clients_in(answer)))
    return answer


def _answer_by_now(future: Future[Any]) -> Any:
    try:
        return future.result(timeout=0)
    except (Refused, ServiceUnavailable, TimeoutError):
        future.cancel()
        return None
