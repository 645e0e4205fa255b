"""What services have set apart: one week, visit or row that could not be handled, as pages and API show it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, Final

from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway

SERVICES: Final = ("ingest", "matching", "payments", "disputes")

WHAT: Final = {
    "week": "A week that could not be priced",
    "visit": "A visit that could not be matched",
    "client": "A client whose visits could not be matched again",
    "package": "A care package line item that could not be taken or priced",
    "doubts": "A client’s week that could not be looked through for doubts",
    "lists": "Lists of care that could not be taken",
    "row": "A row of a file that could not be stored",
}
"""By kind."""
BY_ITSELF: Final = "row"
"""The kind that is not tried again: the row is sent again in a file."""

Row = dict[str, Any]


def find_apart(gateway: Gateway, caller: Caller) -> list[Row]:
    """All that is set apart, the oldest first. Raises Refused ``not_allowed`` and ServiceUnavailable."""
    questions: list[tuple[str, str, dict[str, Any]]] = [(service, "set_apart", {}) for service in SERVICES]
    found = [one for answer in gateway.ask_at_once(caller, *questions) for one in answer]
    return sorted(map(in_words, found), key=lambda one: str(one["since"]))


def in_words(one: Row) -> Row:
    """One thing with words for what it is, and the parts of its key."""
    organisation_id, _, ref = (
        one["key"].partition("/") if one["kind"] in ("visit", "row", "doubts") else ("", "", "")
    )
    return one | {
        "what": WHAT.get(one["kind"], one["kind"].capitalize()),
        "organisation_id": organisation_id or None,
        "ref": ref or None,
        "retries": one["kind"] != BY_ITSELF,
    }


def retry_apart(gateway: Gateway, caller: Caller, apart_id: uuid.UUID | None) -> int:
    """Have it tried again, or all; how many things. Raises Refused ``not_allowed`` and ServiceUnavailable."""
    wanted = {"apart_id": None if apart_id is None else str(apart_id)}
    return sum(gateway.ask(service, "retry_set_apart", caller, **wanted) for service in SERVICES)


def why_apart(gateway: Gateway, caller: Caller, service: str, things: Iterable[tuple[str, str]]) -> list[Row]:
    """Those of these things, by kind and key, that a service has set apart; none while it does not answer."""
    asked = list(things)
    found = gateway.ask_together((service,), "why_apart", caller, things=asked) if asked else {}
    return [in_words(one) for one in found.get(service, ())]


def apart_of_visit(gateway: Gateway, caller: Caller, visit: Row) -> list[Row]:
    """Why a visit is set apart, or the week that it belongs to."""
    key = f"{visit['organisation_id']}/{visit['ref']}"
    found = why_apart(gateway, caller, "matching", [("visit", key)])
    if visit["cpli_id"] is not None:
        found += why_apart(gateway, caller, "payments", [("week", f"{visit['cpli_id']}/{visit['week']}")])
    return found
