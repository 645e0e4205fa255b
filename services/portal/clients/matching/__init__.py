"""The typed client of matching, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.matching.organisations import OrganisationsClient
from services.portal.clients.proposals import ProposalsClient


class MatchingClient(OrganisationsClient, ProposalsClient):
    """All that matching answers."""

    service = "matching"
