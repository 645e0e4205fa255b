"""The typed client of matching, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.matching.organisations import OrganisationsClient


class MatchingClient(OrganisationsClient):
    """All that matching answers."""

    service = "matching"
