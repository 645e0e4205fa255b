"""Stays in hospital, for one-off claims."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.hospital import HospitalStay, ServiceClients, StayAsked
from services.portal.clients.service_client import ServiceClient


class HospitalClient(ServiceClient):
    """A part of MatchingClient."""

    def service_clients(self, *, service_name: str) -> ServiceClients:
        """A service of the caller's, by a present or former name. Raises Refused ``not_found``, ``not_allowed``."""
        return self._ask("service_clients", service_name=service_name)

    def service_id(self, *, service_name: str) -> str:
        """The id of a service of the caller's likewise."""
        return self._ask("service_id", service_name=service_name)

    def service_names(self, *, service_ids: Sequence[str]) -> dict[str, str]:
        """The present names of services by their ids."""
        return self._ask("service_names", service_ids=service_ids)

    def hospital_stays(
        self, *, organisation_id: str, service_name: str, service_id: str | None, stays: Sequence[StayAsked]
    ) -> list[HospitalStay]:
        """What is known of each of these stays, in their order. Raises Refused ``not_found``."""
        service = {
            "organisation_id": organisation_id,
            "service_name": service_name,
            "service_id": service_id,
        }
        return self._ask("hospital_stays", **service, stays=stays)
