"""How services are told of the holder of an account."""

from __future__ import annotations

from libs.common.rpc import Caller
from services.portal.accounts import rules
from services.portal.schema.tables_accounts import Account


def caller_of(account: Account) -> Caller:
    """As services are told who asks: by id, without a name."""
    organisation = None if account.organisation_id is None else str(account.organisation_id)
    return {
        "who": str(account.account_id),
        "role": rules.side_of(account.role),
        "organisation": organisation,
    }
