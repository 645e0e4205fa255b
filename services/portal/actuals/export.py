"""A week's actuals as the file in which they are imported (RULES 13)."""

from __future__ import annotations

import csv
import datetime as dt
import io

from libs.common.care.weeks import sunday_of
from libs.common.files.actual_files import HEADINGS, rows_of_week
from libs.common.rpc import Caller
from libs.common.seams.ingest.actuals import ActualsFileDocument
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.web.access import the_parts
from services.portal.web.calls import gateway
from services.portal.web.downloads.files import file_name
from services.portal.web.downloads.owners import today, whose_name
from services.portal.web.names.clients import client_names
from services.portal.web.names.organisations import provider_names


def name_of_week(monday: dt.date, organisation: str | None) -> str:
    """What a week's file is called. organisation: the one that the council asks about."""
    days = (monday, sunday_of(monday))
    return file_name("actuals", "csv", provider=whose_name(organisation), days=days, as_at=today())


def name_of_rejected(file: ActualsFileDocument) -> str:
    """What the file of a file's rejected rows is called."""
    organisation_id = file["organisation_id"]
    provider = provider_names(the_parts(), gateway(), [organisation_id])[organisation_id]
    return file_name("rejected-rows-of-actuals", "csv", provider=provider, as_at=today())


def export_week(asked: Gateway, caller: Caller, *, monday: str, organisation: str | None) -> str:
    """CSV text of a week, a row a line. Raises Refused and ServiceUnavailable."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for actuals in IngestClient(asked, caller).actuals_part_by_part(monday=monday, organisation=organisation):
        names = client_names(asked, caller, (actual["client_reference"] for actual in actuals))
        writer.writerows(rows_of_week(actuals, names))
    return text.getvalue()
