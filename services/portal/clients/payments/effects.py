"""What proposals would change in money."""

from __future__ import annotations

from libs.common.seams.payments.effects import Effect
from services.portal.clients.service_client import ServiceClient


class EffectsClient(ServiceClient):
    """A part of PaymentsClient."""

    def effect(self, *, proposal_id: str) -> Effect | None:
        """What a proposal (of whatever service) would change; None while it is being worked out."""
        return self._ask("effect", proposal_id=proposal_id)
