"""What the pages of council accounts show."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.orm import Session as Transaction

from services.portal.accounts import store as accounts_store
from services.portal.accounts.environment import Parts
from services.portal.schema.tables_accounts import Account
from services.portal.staff import rules, store


class Listed(NamedTuple):
    """An account as the list has it. state: one of rules.STATES."""

    account: Account
    second_step: str
    state: str


def listed(parts: Parts, *, with_ended: bool) -> tuple[list[Listed], int]:
    """The council's accounts, and how many have ended."""
    with parts.sessions.begin() as transaction:
        found = store.accounts(transaction, with_ended=with_ended)
        return [look_at(transaction, parts, account) for account in found], store.count_ended(transaction)


def look_at(transaction: Transaction, parts: Parts, account: Account) -> Listed:
    """One account."""
    is_locked = accounts_store.last_lock(transaction, account.subject, parts.clock()) is not None
    state = rules.state_of(
        is_ended=account.disabled_at is not None,
        is_locked=is_locked,
        has_come=account.signed_in_at is not None,
    )
    step = rules.second_step(
        has_app=account.totp is not None,
        has_code=account.code is not None,
        is_connected=account.openid is not None,
    )
    return Listed(account, step, state)
