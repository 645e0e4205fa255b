"""What of the concerns is wanted, by the names that addresses have for it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any, NamedTuple

from flask import request

from libs.common.casework.concerns import OPEN, STATES
from libs.common.files.values import cleaned, parse_date
from services.portal.concerns.trends import last_of_month
from services.portal.web.access import caller
from services.portal.web.calls import gateway, organisation_chosen
from services.portal.web.names.clients import identifiers_of
from services.portal.web.names.organisations import id_of

LONGEST = 100
WRONG_MONTH = "Enter a month, such as 2022-10"
WRONG_ORDER = "The last month must not be before the first"


class Filters(NamedTuple):
    """The filters of a list; nothing limits nothing, and without a state those that are open are listed.

    ``first`` and ``last``: months, as 2022-10.
    """

    organisation: str | None
    group: str | None
    kind: str | None
    state: list[str]
    first: str | None
    last: str | None
    client: str | None


def chosen_filters() -> tuple[Filters, dict[str, str]]:
    """The filters of the address, and what is wrong with them by name."""
    first, last, wrong = months_chosen()
    filters = Filters(
        organisation=organisation_chosen(),
        group=_uuid_text(request.args.get("group")),
        kind=_text("kind"),
        state=[one for one in request.args.getlist("state") if one in STATES] or list(OPEN),
        first=month_text(first),
        last=month_text(last),
        client=_text("client"),
    )
    return filters, wrong


def months_chosen() -> tuple[dt.date | None, dt.date | None, dict[str, str]]:
    """The first days of the months ``first`` and ``last`` of the address, and what is wrong with them by name."""
    found, wrong = dict[str, dt.date | None](), dict[str, str]()
    for name in ("first", "last"):
        text = request.args.get(name, "").strip()[:20]
        found[name] = month_given(text)
        if text and found[name] is None:
            wrong[name] = WRONG_MONTH
    first, last = found["first"], found["last"]
    if first is not None and last is not None and last < first:
        wrong["last"] = WRONG_ORDER
    return first, last, wrong


def days_of(first: dt.date | None, last: dt.date | None) -> dict[str, dt.date | None]:
    """The days from a month on and to the end of another, as disputes is asked; None has no end."""
    return {"first": first, "last": None if last is None else last_of_month(last)}


def asked_of(chosen: Filters) -> dict[str, Any]:
    """What is limited, as disputes counts concerns. Raises Refused ``not_found`` for a provider that nobody is."""
    return {
        "kind": chosen.kind,
        "organisation_id": id_of(gateway(), caller(), chosen.organisation) if chosen.organisation else None,
        "group_id": chosen.group,
        **days_of(month_given(chosen.first or ""), month_given(chosen.last or "")),
    }


def listed_of(chosen: Filters) -> dict[str, Any]:
    """The same, as disputes lists them."""
    return asked_of(chosen) | {
        "states": chosen.state,
        "clients": identifiers_of(gateway(), caller(), chosen.client),
    }


def month_given(text: str) -> dt.date | None:
    """The first day of a month, as 2022-10, or of that of a day; None for what is neither."""
    text = cleaned(text)
    day = parse_date(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text)
    return None if day is None else day.replace(day=1)


def month_text(month: dt.date | None) -> str | None:
    """A month as addresses have it, such as 2022-10."""
    return None if month is None else f"{month:%Y-%m}"


def _text(name: str) -> str | None:
    return request.args.get(name, "").strip()[:LONGEST] or None


def _uuid_text(text: str | None) -> str | None:
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return None
