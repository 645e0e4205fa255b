"""The letter to whoever asked for a change of who is let in, when it was answered."""

from __future__ import annotations

from sqlalchemy.orm import Session as Transaction

from services.portal.accounts import store as accounts_store
from services.portal.accounts.environment import Parts
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.schema.tables_people import ChangeRequest

SUBSCRIPTION = "change_requests"


def tell_of_answer(transaction: Transaction, parts: Parts, request: ChangeRequest) -> None:
    """Tell who asked, when they want to know, that their change request was answered."""
    asker = accounts_store.account(transaction, request.submitted_by)
    if asker is None or asker.disabled_at is not None:
        return
    if SUBSCRIPTION in letters_store.kinds_of(transaction, asker.account_id):
        notification_words.change_request_answered(transaction, parts, asker, request)
