"""What was asked about accounts of the council, and who can confirm or refuse it."""

from __future__ import annotations

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts.environment import Parts
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest
from services.portal.staff import rules, store


def refusal_to_confirm(request: ChangeRequest, who: Account) -> Refused | None:
    """Why this holder can't confirm a request; None when they can."""
    subject = request.account_id and str(request.account_id)
    asker, wanted = str(request.submitted_by), str(request.role)
    return rules.refusal_to_confirm(str(who.account_id), who.role, asker, subject or None, wanted)


def may_confirm(request: ChangeRequest, who: Account) -> bool:
    """Whether this holder can confirm a request that waits."""
    return request.state == "pending" and refusal_to_confirm(request, who) is None


def may_refuse(request: ChangeRequest, who: Account) -> bool:
    """Whether this holder can refuse a request, or withdraw it."""
    return table.may(who.role, rights.MANAGE_ACCOUNTS) or refusal_to_confirm(request, who) is None


def count_to_confirm(parts: Parts, who: Account) -> int:
    """How many requests wait for this holder to confirm them."""
    with parts.sessions.begin() as transaction:
        waiting = store.pending(transaction, parts.clock() - rules.WAITS_FOR)
    return sum(may_confirm(request, who) for request in waiting)
