"""What the file of a report is called."""

from __future__ import annotations

import datetime as dt

from services.portal.reports.declared import Asking
from services.portal.reports.rendering.filters import Asked
from services.portal.web.downloads import file_name, name_of_period
from services.portal.web.names.organisations import asker_name


def name_of_file(asking: Asking, asked: Asked, ending: str) -> str:
    """The report, its client if it is about one, the provider, the days, and the day of today."""
    values = asked.values
    what = "-".join(filter(None, [asked.report.slug, values.get("client")]))
    provider = asker_name(asking.gateway, asking.caller, values.get("organisation"))
    if start := values.get("period"):
        return name_of_period(what, ending, dt.date.fromisoformat(start), provider, asking.today)
    days = (values["first"], values["last"]) if values.get("first") and values.get("last") else None
    return file_name(what, ending, provider=provider, days=days, as_at=asking.today)
