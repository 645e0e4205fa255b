"""A provider's visits files in figures."""

from __future__ import annotations

from libs.common.seams.ingest.figures import FileFigures, SentFile
from services.portal.clients.payload_types import Day
from services.portal.clients.service_client import ServiceClient


class FiguresClient(ServiceClient):
    """A part of IngestClient. organisation: the council names one; a provider's is its own."""

    def file_figures(
        self, *, organisation: str | None, first: Day, last: Day, submission_days: int
    ) -> FileFigures:
        """Files that updated the system on these days, rows, rejected ones, and weeks that came late."""
        span = {"organisation": organisation, "first": first, "last": last}
        return self._ask("file_figures", **span, submission_days=submission_days)

    def sent_files(self, *, organisation: str | None, first: Day, last: Day) -> list[SentFile]:
        """These files one by one, the newest first."""
        return self._ask("sent_files", organisation=organisation, first=first, last=last)
