"""The typed client of payments, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.payments.effects import EffectsClient
from services.portal.clients.payments.holds import HoldsClient
from services.portal.clients.proposals import ProposalsClient


class PaymentsClient(HoldsClient, EffectsClient, ProposalsClient):
    """All that payments answers."""

    service = "payments"
