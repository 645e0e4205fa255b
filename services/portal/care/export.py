"""The Commissioned Care Export (RULES 2, [003]): the same file for pages and for the API."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.web.csv_out import csv_text

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


def export(gateway: Gateway, caller: Caller, organisation: str | None) -> Response:
    """Care that has not ended, as a CSV file to download. Raises Refused ``not_found``, and ServiceUnavailable."""
    headers = {"Content-Disposition": "attachment; filename=commissioned-care.csv"}
    content = csv_text(COLUMNS, _rows(gateway, caller, organisation))
    return Response(content, 200, headers, content_type="text/csv; charset=utf-8")


def _rows(gateway: Gateway, caller: Caller, organisation: str | None) -> Iterator[list[str]]:
    after = -1
    while after is not None:
        facts = {"organisation": organisation, "after": after, "limit": ROWS_A_CALL}
        page = gateway.ask("matching", "commissioned_care", caller, **facts)
        yield from page["rows"]
        after = page["after"]
