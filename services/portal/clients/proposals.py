"""Proposals, of the services that have some."""

from __future__ import annotations

from libs.common.seams.proposals import ProposalDocument
from services.portal.clients.service_client import ServiceClient

Before = tuple[str, str]
"""When a proposal was made, and its id."""


class ProposalsClient(ServiceClient):
    """A part of the clients of these services."""

    def proposals(self, *, before: Before | None, limit: int) -> list[ProposalDocument]:
        """A page of proposals, those that wait first, then the newest; or of the decided ones before one."""
        return self._ask("proposals", before=before, limit=limit)

    def proposal(self, *, proposal_id: str) -> ProposalDocument:
        """A proposal and its decision."""
        return self._ask("proposal", proposal_id=proposal_id)

    def decide_proposal(self, *, proposal_id: str, approves: bool, reason: str) -> None:
        """Approve a proposal that somebody else made, or refuse one with a reason."""
        self._ask("decide_proposal", proposal_id=proposal_id, approves=approves, reason=reason)
