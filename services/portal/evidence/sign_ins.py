"""Evidence of sign-ins: right, wrong, locked. Which step was wrong is told, never what was typed there.

For an address that no account has the same is told in the same time, under the hash of the address.
"""

from __future__ import annotations

from sqlalchemy.orm import Session as Transaction

from services.portal.evidence import words
from services.portal.evidence.telling import Told, tell
from services.portal.schema.tables_accounts import Account


def tell_right(transaction: Transaction, account: Account) -> None:
    """Somebody is signed in now."""
    _tell(transaction, words.SIGNED_IN, account.subject, account, None)


def tell_out(transaction: Transaction, account: Account) -> None:
    """Somebody signed out."""
    _tell(transaction, words.SIGNED_OUT, account.subject, account, None)


def tell_wrong(
    transaction: Transaction, subject: str, account: Account | None, step: str, *, is_locked: bool
) -> None:
    """A try was wrong, or sign-in is locked. step: password, digits or app."""
    _tell(transaction, words.LOCKED if is_locked else words.NOT_SIGNED_IN, subject, account, step)


def _tell(
    transaction: Transaction, kind: str, subject: str, account: Account | None, step: str | None
) -> None:
    told = Told(
        kind,
        who=str(account.account_id) if account else None,
        role=account.role if account else None,
        organisation_id=account.organisation_id if account else None,
        about=[("subject", subject)],
        outcome=step,
    )
    tell(transaction, told)
