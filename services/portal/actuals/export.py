"""A week's actuals as the file in which they are imported (RULES 13)."""

from __future__ import annotations

import csv
import io

from libs.common.files.actual_files import HEADINGS, rows_of_week
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.web.names.clients import client_names


def export_week(gateway: Gateway, caller: Caller, *, monday: str, organisation: str | None) -> str:
    """CSV text of a week, a row a line. Raises Refused and ServiceUnavailable."""
    found = IngestClient(gateway, caller).actuals_week(monday=monday, organisation=organisation)
    names = client_names(gateway, caller, (actual["client_reference"] for actual in found["actuals"]))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(rows_of_week(found["actuals"], names))
    return text.getvalue()
