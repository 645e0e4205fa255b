"""What of a provider's rows fits nothing, and the rows that name it."""

from __future__ import annotations

from libs.common.seams.ingest.cleansing import Cleansing, NamingRows
from services.portal.clients.service_client import ServiceClient


class CleansingClient(ServiceClient):
    """A part of IngestClient. The rows are those of a file, or those planned between two days, of one organisation."""

    def cleansing(
        self, *, organisation: str | None, file_id: str | None, first: str | None, last: str | None
    ) -> Cleansing:
        """What fits nothing. Raises Refused ``not_found`` and ``organisation_wanted``."""
        return self._ask("cleansing", organisation=organisation, file_id=file_id, first=first, last=last)

    def naming_rows(
        self,
        *,
        organisation: str | None,
        file_id: str | None,
        first: str | None,
        last: str | None,
        kind: str,
        written: str,
    ) -> NamingRows:
        """The first rows that name something. Raises Refused ``not_found`` and ``organisation_wanted``."""
        rows = {"organisation": organisation, "file_id": file_id, "first": first, "last": last}
        return self._ask("naming_rows", **rows, kind=kind, written=written)
