"""Which concerns are looked at or counted: by kind, provider, group of providers and days."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from services.disputes.concerns import rules, store_lists

Row = dict[str, Any]


def choose(
    session: Session,
    *,
    kind: str | None,
    organisation_id: uuid.UUID | None,
    group_id: uuid.UUID | None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> Row:
    """What is chosen, as `store.condition_of` takes it. Raises Refused ``not_found`` for a group that is not there."""
    group = None if group_id is None else store_lists.find_group(session, group_id)
    if group_id is not None and group is None:
        raise Refused("not_found", "There is no such group of providers.")
    return {
        "kind": kind,
        "organisation_id": organisation_id,
        "organisation_ids": None if group is None else group["organisation_ids"],
        "first": first,
        "last": last,
    }


def last_of_month(month: dt.date) -> dt.date:
    """The last day of the month that holds a day."""
    return (rules.first_of_month(month) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
