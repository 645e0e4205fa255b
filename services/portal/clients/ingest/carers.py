"""Carers, and files of them."""

from __future__ import annotations

from libs.common.seams.ingest.carers import Carer, CheckedCarers, ImportedCarers, SeenCounts
from services.portal.clients.service_client import ServiceClient


class CarersClient(ServiceClient):
    """A part of IngestClient. organisation: the council says whose carers; a provider's are its own."""

    def carers(self, *, organisation: str | None, after: str, limit: int) -> list[Carer]:
        """A page of a provider's carers, after a CarerRef."""
        return self._ask("carers", organisation=organisation, after=after, limit=limit)

    def check_carers_file(self, *, object_key: str, organisation: str | None = None) -> CheckedCarers:
        """What a carers file in the object store would do, and nothing done."""
        return self._ask("check_carers_file", organisation=organisation, object_key=object_key)

    def send_carers_file(self, *, object_key: str, organisation: str | None = None) -> ImportedCarers:
        """Take a carers file in the object store."""
        return self._ask("send_carers_file", organisation=organisation, object_key=object_key)

    def import_checked_carers(
        self, *, object_key: str, organisation: str | None, seen: SeenCounts
    ) -> ImportedCarers:
        """Take a carers file whose check was seen; ``check_again`` when it shows other numbers now."""
        return self._ask("import_checked_carers", organisation=organisation, object_key=object_key, seen=seen)
