"""Random words in forms and addresses, for what stays here: where a stored file lies, above all.

A word says nothing and is good for whoever was given it. So nobody names a stored object by a word of their own making,
whatever of the portal's secrets they know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, select

from libs.common.rpc import Caller
from services.portal.accounts.environment import Parts
from services.portal.accounts.store import hashed
from services.portal.schema.tables_requests import Handle

MOST_OF_ONE: Final = 500
"""So many words of one holder are good; the oldest go first."""


def keep(parts: Parts, caller: Caller, kind: str, facts: Mapping[str, Any], good_for: dt.timedelta) -> str:
    """The word for these facts (of JSON), good for this caller for so long."""
    word, now = parts.random_id(), parts.clock()
    row = Handle(
        handle_hash=hashed(word), holder=caller["who"], kind=kind, facts=dict(facts), over_at=now + good_for
    )
    with parts.sessions.begin() as transaction:
        transaction.add(row)
        transaction.flush()
        of_holder = select(Handle.handle_hash).where(Handle.holder == caller["who"])
        too_many = of_holder.order_by(Handle.over_at.desc(), Handle.handle_hash).offset(MOST_OF_ONE)
        transaction.execute(delete(Handle).where(Handle.handle_hash.in_(too_many.scalar_subquery())))
        transaction.execute(delete(Handle).where(Handle.over_at <= now))
    return word


def find(parts: Parts, caller: Caller, kind: str, word: str) -> dict[str, Any] | None:
    """What the word stands for; None for one that is over, was never given, or was given to somebody else."""
    query = select(Handle.facts).where(
        Handle.handle_hash == hashed(word),
        Handle.holder == caller["who"],
        Handle.kind == kind,
        Handle.over_at > parts.clock(),
    )
    with parts.sessions.begin() as transaction:
        return transaction.scalar(query)
