"""Organisations by their names and ids."""

from __future__ import annotations

from services.portal.clients.service_client import ServiceClient


class OrganisationsClient(ServiceClient):
    """A part of MatchingClient."""

    def organisations(self) -> list[str]:
        """The names of all organisations."""
        return self._ask("organisations")
