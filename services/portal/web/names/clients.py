"""The names of clients beside their references: only matching has them, and a page goes on without."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.errors import ServiceUnavailable
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient

NAMES_A_CALL = 500


def identifiers_of(gateway: Gateway, caller: Caller, client: str | None) -> list[str] | None:
    """All identifiers by which something may name this client, as it was written first; None for no client."""
    if not client:
        return None
    return [client, *MatchingClient(gateway, caller).client_identifiers(identifier=client)]


def client_names(gateway: Gateway, caller: Caller, identifiers: Iterable[str]) -> dict[str, str]:
    """Names by SSRef, ClientRef or NHSNumber, of clients that the caller has care of.

    Unknown identifiers are absent; all are while matching is away.
    """
    wanted = sorted(set(filter(None, identifiers)))
    client, names = MatchingClient(gateway, caller), dict[str, str]()
    try:
        for first in range(0, len(wanted), NAMES_A_CALL):
            asked = wanted[first : first + NAMES_A_CALL]
            names |= client.client_names(identifiers=asked)
    except ServiceUnavailable:
        return {}
    return names
