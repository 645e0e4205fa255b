"""The typed client of payments, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.payments.holds import HoldsClient


class PaymentsClient(HoldsClient):
    """All that payments answers."""

    service = "payments"
