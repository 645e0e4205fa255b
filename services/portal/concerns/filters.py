"""What of the concerns is wanted, by the names that addresses have for it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any, NamedTuple

from flask import request

from libs.common.casework.concerns import OPEN, STATES
from libs.common.files.values import cleaned, parse_date
from services.portal.web.access import caller
from services.portal.web.calls import gateway, organisation_chosen
from services.portal.web.names.clients import identifiers_of
from services.portal.web.names.organisations import id_of

LONGEST = 100
WRONG_MONTH = "Enter a month, such as 2022-10"


class Filters(NamedTuple):
    """The filters of a list; nothing limits nothing, and without a state those that are open are listed."""

    organisation: str | None
    group: str | None
    kind: str | None
    state: list[str]
    month: str | None
    client: str | None


def chosen_filters() -> tuple[Filters, dict[str, str]]:
    """The filters of the address, and what is wrong with them by name."""
    month = request.args.get("month", "").strip()[:20]
    found = month_given(month)
    filters = Filters(
        organisation=organisation_chosen(),
        group=_uuid_text(request.args.get("group")),
        kind=_text("kind"),
        state=[one for one in request.args.getlist("state") if one in STATES] or list(OPEN),
        month=None if found is None else f"{found:%Y-%m}",
        client=_text("client"),
    )
    return filters, {"month": WRONG_MONTH} if month and found is None else {}


def asked_of(chosen: Filters) -> dict[str, Any]:
    """What is limited, as disputes counts concerns. Raises Refused ``not_found`` for a provider that nobody is."""
    month = month_given(chosen.month or "")
    return {
        "kind": chosen.kind,
        "organisation_id": id_of(gateway(), caller(), chosen.organisation) if chosen.organisation else None,
        "group_id": chosen.group,
        "month": None if month is None else month.isoformat(),
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


def _text(name: str) -> str | None:
    return request.args.get(name, "").strip()[:LONGEST] or None


def _uuid_text(text: str | None) -> str | None:
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return None
