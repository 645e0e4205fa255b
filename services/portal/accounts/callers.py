"""How services are told of the holder of an account."""

from __future__ import annotations

from libs.common.rights import table
from libs.common.rpc import Caller
from services.portal.schema.tables_accounts import Account


def caller_of(account: Account) -> Caller:
    """As services are told who asks: by id, without a name; of the council's people, in which role."""
    organisation = None if account.organisation_id is None else str(account.organisation_id)
    side = table.side_of(account.role)
    caller: Caller = {"who": str(account.account_id), "role": side, "organisation": organisation}
    return caller if side == "provider" else {**caller, "staff": account.role}
