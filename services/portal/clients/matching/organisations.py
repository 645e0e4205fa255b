"""Organisations by their names and ids."""

from __future__ import annotations

from collections.abc import Sequence

from services.portal.clients.service_client import ServiceClient


class OrganisationsClient(ServiceClient):
    """A part of MatchingClient."""

    def organisations(self) -> list[str]:
        """The names of all organisations."""
        return self._ask("organisations")

    def organisation_id(self, *, organisation: str | None) -> str | None:
        """The id of an organisation by a present or former name; None is a provider's own, and all for the council.

        Raises Refused ``not_found`` for a name that nobody has, or for a provider that is not its own.
        """
        return self._ask("organisation_id", organisation=organisation)

    def organisation_names(self, *, organisation_ids: Sequence[str] | None) -> dict[str, str]:
        """The present names of organisations by their ids; of all for None."""
        return self._ask("organisation_names", organisation_ids=organisation_ids)
