"""The Commissioned Care Export (RULES 2, [003]): the same file for pages and for the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from services.portal.clients.matching import MatchingClient
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import file_name

COLUMNS = (
    "SSRef",
    "NHSNumber",
    "ServiceLevelRef",
    "ServiceLevelName",
    "CurrentQuantity",
    "Unit",
    "Frequency",
    "ServiceRef",
    "ServiceName",
    "OrganisationRef",
    "OrganisationName",
)
ROWS_A_CALL = 1000


def export(client: MatchingClient, organisation: str | None) -> str:
    """Care that has not ended, as CSV. Raises Refused ``not_found``, and ServiceUnavailable."""
    return csv_text(COLUMNS, _rows(client, organisation))


def name_of_export(provider: str | None, as_at: dt.date) -> str:
    """The name of the file."""
    return file_name("commissioned-care", "csv", provider=provider, as_at=as_at)


def _rows(client: MatchingClient, organisation: str | None) -> Iterator[list[str]]:
    after: int | None = -1
    while after is not None:
        page = client.commissioned_care(organisation=organisation, after=after, limit=ROWS_A_CALL)
        yield from page["rows"]
        after = page["after"]
