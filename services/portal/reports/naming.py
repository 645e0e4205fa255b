"""The names of clients in the lines of a report."""

from __future__ import annotations

from services.portal.reports.declared import Asking, Row
from services.portal.web.names.clients import client_names


def named(asking: Asking, rows: list[Row]) -> list[Row]:
    """The lines with the `name` of each `client`, as far as the reader has care of the client."""
    names = client_names(asking.gateway, asking.caller, (row["client"] for row in rows))
    return [row | {"name": names.get(row["client"], "")} for row in rows]
