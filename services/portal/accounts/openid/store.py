"""Queries of accounts that are connected to the council's OpenID provider."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_accounts import Account


def account_of_openid(transaction: Transaction, openid: str) -> Account | None:
    """The account that is connected to this person there."""
    return transaction.scalar(select(Account).where(Account.openid == openid))
