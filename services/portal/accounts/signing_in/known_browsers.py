"""Browsers in which a holder signed in before: their failures are counted apart from those of strangers (RULES 14).

The browser keeps a random mark, new after each sign-in; the portal its hash, for whom it is good, and until when. The
counter is named by the hash: nobody comes to one by a mark of their own making.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Transaction

from services.portal.accounts.environment import Parts
from services.portal.accounts.rules import STRANGERS
from services.portal.accounts.store import hashed
from services.portal.schema.tables_accounts import KnownBrowser

GOOD_FOR: Final = dt.timedelta(days=365)
MOST_OF_ONE: Final = 50
"""So many browsers of one address are known; those of the oldest sign-ins go first."""


def counter_of(transaction: Transaction, subject: str, mark: str | None, now: dt.datetime) -> str:
    """The counter of a browser: its own when the holder of this address signed in there before, else STRANGERS."""
    if not mark:
        return STRANGERS
    query = select(KnownBrowser.mark_hash).where(
        KnownBrowser.mark_hash == hashed(mark), KnownBrowser.subject == subject, KnownBrowser.over_at > now
    )
    found = transaction.scalar(query)
    return STRANGERS if found is None else found.hex()


def know(
    transaction: Transaction, parts: Parts, subject: str, counter: str, now: dt.datetime
) -> tuple[str, str]:
    """A new mark for the browser in which this holder just signed in, and its counter. The mark before is good no more.

    counter: the browser's own until now, or STRANGERS.
    """
    mark = parts.random_id()
    if counter != STRANGERS:
        transaction.execute(delete(KnownBrowser).where(KnownBrowser.mark_hash == bytes.fromhex(counter)))
    transaction.add(KnownBrowser(mark_hash=hashed(mark), subject=subject, over_at=now + GOOD_FOR))
    transaction.flush()
    of_subject = select(KnownBrowser.mark_hash).where(KnownBrowser.subject == subject)
    too_many = of_subject.order_by(KnownBrowser.over_at.desc(), KnownBrowser.mark_hash).offset(MOST_OF_ONE)
    transaction.execute(delete(KnownBrowser).where(KnownBrowser.mark_hash.in_(too_many.scalar_subquery())))
    transaction.execute(delete(KnownBrowser).where(KnownBrowser.over_at <= now))
    return mark, hashed(mark).hex()
