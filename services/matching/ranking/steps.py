"""Ranked lists, their prices and their terms are set (RULES 16): added, never changed. Takes a session, never commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.matching.organisations.views import limit_to_organisation
from services.matching.ranking import rules, store
from services.matching.ranking.rules import Terms, Weighed


def make_list(session: Session, caller: Caller, *, list_id: uuid.UUID, name: str) -> None:
    """Begin a list without anybody on it; made twice under one id it is made once.

    Raises Refused ``not_allowed`` and, with its field, ``name_taken``.
    """
    require_council(caller)
    if not store.insert_list(session, list_id, name, caller["who"]):
        known = store.find_list(session, list_id)
        if known is None or known[1] != name:
            raise Refused("name_taken", "Another list has this name.", {"field": "name"})


def require_list(
    session: Session, list_id: uuid.UUID | None = None, name: str | None = None
) -> tuple[uuid.UUID, str]:
    """Id and name of a list. Raises Refused ``not_found``."""
    found = store.find_list(session, list_id, name)
    if found is None:
        what = "There is no such list" if name is None else f"No ranked list is called “{name}”"
        raise Refused("not_found", f"{what}.")
    return found


def set_price(
    session: Session,
    caller: Caller,
    *,
    list_id: uuid.UUID,
    organisation: str,
    quarter: str,
    price: Decimal | None,
) -> None:
    """Have a provider be on a list at a price from a quarter on, or off it. Raises Refused ``not_allowed``, ``not_found``."""
    require_council(caller)
    require_list(session, list_id)
    organisation_id = limit_to_organisation(session, caller, organisation)
    store.add_price(session, list_id, str(organisation_id), quarter, price, caller["who"])


def set_terms(
    session: Session,
    caller: Caller,
    *,
    list_id: uuid.UUID | None,
    quarter: str,
    quality_share: Decimal,
    measures: Sequence[Mapping[str, Any]],
) -> None:
    """Have a list, or all that have no terms of their own, be ranked by these from a quarter on.

    Raises Refused ``not_allowed``, ``not_found`` and ``terms_wrong``.
    """
    require_council(caller)
    if list_id is not None:
        require_list(session, list_id)
    weighed = tuple(Weighed(**one) for one in measures)
    fault = rules.faults_of(quality_share, weighed)
    if fault is not None:
        raise Refused("terms_wrong", fault)
    store.add_terms(session, list_id, quarter, Terms(quality_share, weighed), caller["who"])
