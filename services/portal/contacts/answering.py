"""The one way in which a change request is answered: a provider's about its contacts, and one about the council's accounts."""

from __future__ import annotations

import datetime as dt

from libs.common.errors import Refused
from services.portal.contacts.rules import may_move
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest


def answer(request: ChangeRequest, to: str, who: Account, now: dt.datetime) -> None:
    """Move a request that is locked on. Refused `wrong_state` when it was answered before."""
    if not may_move(request.state, to):
        raise Refused("wrong_state", f"This change request was {request.state} already.")
    request.state, request.answered_at, request.answered_by = to, now, who.account_id
