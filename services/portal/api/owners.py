"""Whose files the API gives, and of which day, for their names."""

from __future__ import annotations

import datetime as dt

from libs.common.care.clock import london_day
from services.portal.api.operation import caller
from services.portal.clients.gateway import Gateway
from services.portal.web.access import the_parts
from services.portal.web.names.organisations import asker_name


def whose_name(gateway: Gateway, organisation: str | None) -> str | None:
    """The provider that a token of the council names, or whose own token it is; None for all providers."""
    return asker_name(gateway, caller(), organisation)


def today() -> dt.date:
    """The council's day."""
    return london_day(the_parts().clock())
