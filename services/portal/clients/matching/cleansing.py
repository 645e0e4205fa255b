"""References of clients that fit no care of an organisation."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.monitoring.cleansing import UnknownClient
from services.portal.clients.service_client import ServiceClient

MOST_REFERENCES = 5000


class CleansingClient(ServiceClient):
    """A part of MatchingClient."""

    def unknown_clients(
        self, *, organisation: str | None, written: Sequence[tuple[str, str]]
    ) -> list[UnknownClient]:
        """Those of these references (mark, as written) that name no client of the organisation, with the nearest.

        Asked part by part, so that no call lasts long. Raises Refused ``not_found`` and ``organisation_wanted``.
        """
        found: list[UnknownClient] = []
        for start in range(0, len(written), MOST_REFERENCES):
            part = [
                {"mark": mark, "written": text} for mark, text in written[start : start + MOST_REFERENCES]
            ]
            found += self._ask("unknown_clients", organisation=organisation, written=part)
        return found
