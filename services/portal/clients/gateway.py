"""The portal's only way to the services. Views call this; nothing else in the portal asks by RPC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.rpc import SYSTEM, Caller
from libs.common.rpc.client import RpcClient

SERVICES = ("ingest", "matching", "payments", "disputes")
# Whoever waits for a page or an answer is told within five seconds that a service is away.
CALL_SECONDS = 3.5
PRESENCE_SECONDS = 1.0
QUICK_THREADS = 24
"""Eight pages at once may ask three services each: a service that is away holds up no other's answer."""
PAGE_THREADS = 24
"""Eight pages at once may ask three questions more each, beside the one that the page itself waits for."""

Question = tuple[str, str, Mapping[str, Any]]
"""A service, its method and what is asked of it."""


@dataclass(frozen=True)
class Presence:
    """Whether a service answers."""

    service: str
    answers: bool


class Gateway:
    """Asks the services on behalf of whoever is signed in."""

    def __init__(self, amqp_url: str) -> None:
        self._client = RpcClient(amqp_url, CALL_SECONDS)
        self._quick_client = RpcClient(amqp_url, PRESENCE_SECONDS)
        self._threads = ThreadPoolExecutor(QUICK_THREADS, thread_name_prefix="quick")
        self._page_threads = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")

    def ask(self, service: str, method: str, caller: Caller, **payload: Any) -> Any:
        """A service's answer to this caller. Raises Refused, and ServiceUnavailable within CALL_SECONDS."""
        return self._client.call(service, method, caller, **payload)

    def ask_at_once(self, caller: Caller, *questions: Question) -> list[Any]:
        """The answers to questions that do not wait for one another, in their order.

        The first is asked by this thread, the others meanwhile. Raises like `ask`, for the first that has no answer.
        """
        (service, method, payload), *others = questions
        asked = [
            self._page_threads.submit(self.ask, of, what, caller, **wanted) for of, what, wanted in others
        ]
        first = self.ask(service, method, caller, **payload)
        return [first, *(future.result() for future in asked)]

    def ask_together(
        self, services: Iterable[str], method: str, caller: Caller, **payload: Any
    ) -> dict[str, Any]:
        """What services answer, all asked at once; who does not within PRESENCE_SECONDS, or refuses, is left out."""
        asked = {
            service: self._threads.submit(self._quick_client.call, service, method, caller, **payload)
            for service in services
        }
        wait(asked.values(), PRESENCE_SECONDS)
        answers = {service: _answer_by_now(future) for service, future in asked.items()}
        return {service: answer for service, answer in answers.items() if answer is not None}

    def has_newest_lists(self) -> bool:
        """Whether ingest has the lists that matching said last; True too while that can't be known."""
        try:
            wanted = self._quick_client.call("matching", "reference_version", SYSTEM)
            known = self._quick_client.call("ingest", "reference_version", SYSTEM)
        except (Refused, ServiceUnavailable):
            return True
        return bool(known >= wanted)

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


def _answer_by_now(future: Future[Any]) -> Any:
    try:
        return future.result(timeout=0)
    except (Refused, ServiceUnavailable, TimeoutError):
        future.cancel()
        return None
