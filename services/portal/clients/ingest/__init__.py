"""The typed client of ingest, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.service_client import ServiceClient


class IngestClient(ServiceClient):
    """All that ingest answers."""

    service = "ingest"
