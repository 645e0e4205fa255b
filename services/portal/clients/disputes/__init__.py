"""The typed client of disputes, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.service_client import ServiceClient


class DisputesClient(ServiceClient):
    """All that disputes answers."""

    service = "disputes"
