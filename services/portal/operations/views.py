"""What services have set apart: one week, visit or row that could not be handled, as pages and API show it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.portal.clients import all_clients
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.clients.service_client import ServiceClient

WHAT: Final = {
    "week": "A week that could not be priced",
    "visit": "A visit that could not be matched",
    "client": "A client whose visits could not be matched again",
    "package": "A care package line item that could not be taken or priced",
    "actual": "A week of actuals that could not be taken",
    "doubts": "A client’s week that could not be looked through for doubts",
    "lists": "Lists of care that could not be taken",
    "row": "A row of a file that could not be stored",
}
"""By kind."""
BY_ITSELF: Final = "row"
"""The kind that is not tried again: the row is sent again in a file."""

WITH_AN_ORGANISATION: Final = ("visit", "row", "doubts")
"""The kinds whose key is an organisation's id and a reference."""


@dataclass(frozen=True, slots=True)
class ThingApart:
    """One thing that is set apart: which, why and since when."""

    kind: str
    key: str
    reason: str
    since: str

    @property
    def what(self) -> str:
        return WHAT.get(self.kind, self.kind.capitalize())

    @property
    def organisation_id(self) -> str | None:
        return self.key.partition("/")[0] if self.kind in WITH_AN_ORGANISATION else None

    @property
    def ref(self) -> str | None:
        return self.key.partition("/")[2] or None if self.kind in WITH_AN_ORGANISATION else None

    @property
    def retries(self) -> bool:
        return self.kind != BY_ITSELF


@dataclass(frozen=True, slots=True)
class ListedThing(ThingApart):
    """The same in the list of all, where it is tried again."""

    id: str
    event: str
    tried_at: str


def find_apart(gateway: Gateway, caller: Caller) -> list[ListedThing]:
    """All that is set apart, the oldest first. Raises Refused ``not_allowed`` and ServiceUnavailable."""
    answers = gateway.all_at_once([client.set_apart for client in all_clients(gateway, caller)])
    found = [ListedThing(**document) for answer in answers for document in answer]
    return sorted(found, key=lambda thing: thing.since)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that could not be handled. `discarded_by`: the account, or the command line; None while it lies there."""

    service: str
    id: str
    queue: str
    event: str
    cause_id: str | None
    reason: str
    died_at: str
    bytes: int
    discarded_by: str | None
    discarded_for: str | None
    discarded_at: str | None


def find_letters(gateway: Gateway, caller: Caller) -> tuple[list[Letter], list[Letter]]:
    """The dead letters, the oldest first, and the discarded ones, the newest first. Raises Refused ``not_allowed`` and
    ServiceUnavailable."""
    clients = all_clients(gateway, caller)
    answers = gateway.all_at_once([client.dead_letters for client in clients])
    found = [
        Letter(service=client.service, **document)
        for client, answer in zip(clients, answers, strict=True)
        for document in answer
    ]
    lying = [letter for letter in found if letter.discarded_at is None]
    discarded = [letter for letter in found if letter.discarded_at is not None]
    return (
        sorted(lying, key=lambda letter: letter.died_at),
        sorted(discarded, key=lambda letter: letter.discarded_at or "", reverse=True),
    )


def discard_letter(gateway: Gateway, caller: Caller, service: str, message_id: str, why: str) -> None:
    """Decide that it need never be handled. Raises Refused ``not_found``, ``already_discarded`` and ServiceUnavailable."""
    for client in all_clients(gateway, caller):
        if client.service == service:
            client.discard_dead_letter(message_id=message_id, why=why)
            return
    raise Refused("not_found", "There is no dead letter with this id.")


def retry_apart(gateway: Gateway, caller: Caller, apart_id: uuid.UUID | None) -> int:
    """Have it tried again, or all; how many things. Raises Refused ``not_allowed`` and ServiceUnavailable."""
    return sum(client.retry_set_apart(apart_id=apart_id) for client in all_clients(gateway, caller))


def find_why_apart(
    gateway: Gateway, client: ServiceClient, things: Iterable[tuple[str, str]]
) -> list[ThingApart]:
    """Those of these things, by kind and key, that a service has set apart; none while it does not answer.

    client: a quick one.
    """
    asked = list(things)
    found = gateway.answers_by_now({"apart": lambda: client.why_apart(things=asked)}) if asked else {}
    return [ThingApart(**document) for document in found.get("apart", ())]


def find_why_visit_is_apart(
    gateway: Gateway, caller: Caller, *, key: str, cpli_id: int | None, week: str
) -> list[ThingApart]:
    """Why a visit is set apart, or the week that it belongs to; key: its organisation's id / its VisitRef."""
    matching = MatchingClient(gateway, caller, is_quick=True)
    found = find_why_apart(gateway, matching, [("visit", key)])
    if cpli_id is not None:
        payments = PaymentsClient(gateway, caller, is_quick=True)
        found += find_why_apart(gateway, payments, [("week", f"{cpli_id}/{week}")])
    return found
