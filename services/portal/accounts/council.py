"""Where accounts of the council differ (RULES 14): somebody who can confirm is always left, and nothing comes back.

What somebody may do for another's account is in `libs/common/rights/table.py`; the pages are in `services/portal/staff`.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Transaction

from libs.common.errors import Refused
from libs.common.rights import table
from services.portal.schema.tables_accounts import Account

_CHANGING = 4_205_317_015  # any number that no other advisory lock of this database has


def take_turns(transaction: Transaction) -> None:
    """One change of who is let in for the council at a time: two could each leave the other as the last who confirms."""
    transaction.execute(select(func.pg_advisory_xact_lock(_CHANGING)))


def require_confirmers(transaction: Transaction, account: Account, role: str | None = None) -> None:
    """Refused `last_confirmer` where nobody could confirm accounts of some role once this one has another, or none.

    An account whose holder never came is not counted on. Call it after `take_turns`.
    """
    query = select(Account.account_id, Account.role).where(
        Account.organisation_id.is_(None),
        Account.disabled_at.is_(None),
        Account.must_change_password.is_(False),
    )
    roles = {row.account_id: row.role for row in transaction.execute(query)}
    if account.account_id not in roles:
        return
    before = table.roles_that_nobody_confirms(roles.values())
    del roles[account.account_id]
    left = [*roles.values(), *([role] if role else ())]
    lost = sorted(table.roles_that_nobody_confirms(left) - before)
    if lost:
        raise Refused(
            "last_confirmer",
            f"Nobody would be left who can confirm accounts of {' and '.join(lost)}: have another account made first"
            " that can.",
        )


def leave(account: Account, unusable: str) -> None:
    """Take from an account that ends whatever lets its holder in: should it be used again, a link is the one way.

    unusable: the hash of a password that nobody knows.
    """
    account.password_hash, account.must_change_password = unusable, True
    account.code = account.code_key = account.totp = account.totp_key = account.openid = None
