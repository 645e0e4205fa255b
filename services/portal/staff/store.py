"""Queries of accounts of the council, and of what was asked about them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest

MOST_SHOWN = 1_000


def accounts(transaction: Transaction, *, with_ended: bool) -> Sequence[Account]:
    """The council's accounts by name and address, at most a thousand; those that ended where they are asked for."""
    query = select(Account).where(Account.organisation_id.is_(None))
    if not with_ended:
        query = query.where(Account.disabled_at.is_(None))
    order = (func.lower(Account.name), func.lower(Account.email), Account.account_id)
    return transaction.scalars(query.order_by(*order).limit(MOST_SHOWN)).all()


def count_ended(transaction: Transaction) -> int:
    """How many accounts of the council have ended."""
    query = select(func.count()).where(Account.organisation_id.is_(None), Account.disabled_at.is_not(None))
    return transaction.scalar(query) or 0


def account(transaction: Transaction, account_id: uuid.UUID) -> Account | None:
    """An account of the council."""
    query = select(Account).where(Account.account_id == account_id, Account.organisation_id.is_(None))
    return transaction.scalar(query)


def request(transaction: Transaction, change_id: uuid.UUID, *, locked: bool = False) -> ChangeRequest | None:
    """What was asked about an account of the council."""
    query = select(ChangeRequest).where(
        ChangeRequest.change_id == change_id, ChangeRequest.organisation_id.is_(None)
    )
    return transaction.scalar(query.with_for_update() if locked else query)


def pending(transaction: Transaction, since: dt.datetime) -> Sequence[ChangeRequest]:
    """What waits for a second person and was asked since then, the oldest first."""
    query = select(ChangeRequest).where(
        ChangeRequest.state == "pending",
        ChangeRequest.organisation_id.is_(None),
        ChangeRequest.submitted_at > since,
    )
    return transaction.scalars(query.order_by(ChangeRequest.submitted_at).limit(MOST_SHOWN)).all()


def requests_about(transaction: Transaction, account_id: uuid.UUID) -> Sequence[ChangeRequest]:
    """What was asked about an account, the newest first."""
    query = select(ChangeRequest).where(
        ChangeRequest.account_id == account_id, ChangeRequest.organisation_id.is_(None)
    )
    return transaction.scalars(query.order_by(ChangeRequest.submitted_at.desc()).limit(MOST_SHOWN)).all()


def close_requests_about(
    transaction: Transaction, account_id: uuid.UUID, who: uuid.UUID, reason: str, now: dt.datetime
) -> None:
    """Whatever waits about an account waits no more."""
    closed = update(ChangeRequest).where(
        ChangeRequest.account_id == account_id,
        ChangeRequest.organisation_id.is_(None),
        ChangeRequest.state == "pending",
    )
    transaction.execute(
        closed.values(state="rejected", answered_at=now, answered_by=who, rejection_reason=reason)
    )
