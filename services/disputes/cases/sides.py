"""Which side asks, and which cases there are for it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from libs.common.care.cases import COUNCIL, PROVIDER
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.disputes.cases import rules

Row = dict[str, Any]


def side_of(caller: Caller) -> str:
    """The side that asks. Raises Refused ``not_allowed`` for the system, which settles nothing."""
    if caller["organisation"] is not None:
        return PROVIDER
    if caller["role"] != COUNCIL:
        raise Refused("not_allowed", "Only the council and the provider can do this.")
    return COUNCIL


def side_looking(caller: Caller) -> str:
    """The side that looks: all but providers look as the council does."""
    return PROVIDER if caller["organisation"] is not None else COUNCIL


def whose(caller: Caller, organisation_id: uuid.UUID | None) -> uuid.UUID:
    """The provider that a question is about: the caller's own, or the one that the council names.

    Raises Refused ``organisation_wanted``, and ``not_found`` for a provider that is not the caller's own.
    """
    own = None if caller["organisation"] is None else uuid.UUID(caller["organisation"])
    if own is not None and organisation_id not in (None, own):
        raise Refused("not_found", "There is no such provider.")
    found = organisation_id or own
    if found is None:
        raise Refused("organisation_wanted", "Choose a provider", {"field": "organisation"})
    return found


def states_seen(caller: Caller, kind: str, states: Sequence[str]) -> list[str]:
    """Those of these states in which the caller sees cases of a kind."""
    return [state for state in states if rules.sees(kind, side_looking(caller), state)]


def require_seen(caller: Caller, found: Row | None, what: str) -> Row:
    """What was found, where there is such a thing for the caller. Raises Refused ``not_found``."""
    if found is None or not rules.sees(found["kind"], side_looking(caller), found["state"]):
        raise Refused("not_found", f"There is no such {what}.")
    return found
