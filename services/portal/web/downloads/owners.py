"""Whose a file is that is taken along, and of which day, for its name."""

from __future__ import annotations

import datetime as dt

from libs.common.care.clock import london_day
from services.portal.web.access import caller, the_parts
from services.portal.web.calls import gateway
from services.portal.web.names.organisations import asker_name


def whose_name(organisation: str | None) -> str | None:
    """The provider that the council asks about, or the asker's own as it is called now; None for all providers."""
    return asker_name(gateway(), caller(), organisation)


def today() -> dt.date:
    """The council's day."""
    return london_day(the_parts().clock())
