"""The lists of concerns: kinds are added and retired, groups of providers saved and removed (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from libs.common.care.clock import iso_text
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.disputes.concerns import ConcernGroup, ConcernKind
from services.disputes.concerns import store_lists
from services.disputes.concerns.callers import require_commissioning


def list_kinds(session: Session, caller: Caller) -> list[ConcernKind]:
    """All kinds, those in use first: for whoever may raise a concern. Raises Refused ``not_found``."""
    require_council(caller, "There is no such concern.")
    return [
        {
            "name": row["name"],
            "is_retired": row["retired_at"] is not None,
            "added_by": row["added_by"],
            "added_at": row["added_at"].isoformat(),
            "retired_by": row["retired_by"],
            "retired_at": iso_text(row["retired_at"]),
        }
        for row in store_lists.list_kinds(session)
    ]


def add_kind(session: Session, caller: Caller, *, name: str, now: dt.datetime) -> list[ConcernKind]:
    """Have a kind offered, also one that was retired; all kinds then. Raises Refused ``not_allowed``."""
    require_commissioning(caller)
    store_lists.add_kind(session, " ".join(name.split()), caller["who"], now)
    return list_kinds(session, caller)


def retire_kind(session: Session, caller: Caller, *, name: str, now: dt.datetime) -> list[ConcernKind]:
    """Have a kind offered no more; all kinds then. Raises Refused ``not_found`` and ``not_allowed``."""
    require_commissioning(caller)
    if store_lists.find_kind(session, name) is None:
        raise Refused("not_found", "There is no such kind of concern.")
    store_lists.retire_kind(session, name, caller["who"], now)
    return list_kinds(session, caller)


def list_groups(session: Session, caller: Caller) -> list[ConcernGroup]:
    """All groups of providers by name. Raises Refused ``not_allowed``."""
    require_commissioning(caller)
    return [
        {
            "group_id": str(row["group_id"]),
            "name": row["name"],
            "organisation_ids": [str(one) for one in row["organisation_ids"]],
            "changed_by": row["changed_by"],
            "changed_at": row["changed_at"].isoformat(),
        }
        for row in store_lists.list_groups(session)
    ]


def save_group(
    session: Session,
    caller: Caller,
    *,
    group_id: uuid.UUID,
    name: str,
    organisation_ids: Sequence[uuid.UUID],
    now: dt.datetime,
) -> list[ConcernGroup]:
    """Add a group of providers or change it; all groups then. Raises Refused ``not_allowed`` and ``name_taken``."""
    require_commissioning(caller)
    if store_lists.has_other_group(session, name, group_id):
        raise Refused("name_taken", "Another group has this name already.", {"field": "name"})
    store_lists.save_group(
        session,
        group_id=group_id,
        name=" ".join(name.split()),
        organisation_ids=list(dict.fromkeys(organisation_ids)),
        who=caller["who"],
        now=now,
    )
    return list_groups(session, caller)


def remove_group(session: Session, caller: Caller, *, group_id: uuid.UUID) -> None:
    """Take a group of providers away. Raises Refused ``not_found`` and ``not_allowed``."""
    require_commissioning(caller)
    if not store_lists.remove_group(session, group_id):
        raise Refused("not_found", "There is no such group of providers.")
