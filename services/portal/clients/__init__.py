"""Typed clients of the services, and the gateway through which they ask."""

from __future__ import annotations

from libs.common.rpc import Caller
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.clients.service_client import ServiceClient


def all_clients(gateway: Gateway, caller: Caller, *, is_quick: bool = False) -> list[ServiceClient]:
    """A client of each service."""
    classes: tuple[type[ServiceClient], ...] = (IngestClient, MatchingClient, PaymentsClient, DisputesClient)
    return [one(gateway, caller, is_quick=is_quick) for one in classes]
