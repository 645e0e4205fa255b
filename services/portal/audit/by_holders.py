"""What a holder does before being signed in, added to the audit trail: links that were asked for and used."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_requests import Audit, AuditEnd

NOBODY: Final = "nobody"


def keep_done(transaction: Transaction, account: Account | None, action: str, now: dt.datetime) -> None:
    """Add both parts at once, in the transaction that does it. Without an account: for rows that are taken back."""
    action_id = uuid.uuid4()
    transaction.add(
        Audit(
            action_id=action_id,
            asked_at=now,
            who=str(account.account_id) if account else NOBODY,
            role=account.role if account else NOBODY,
            organisation_id=account.organisation_id if account else None,
            action=action,
            objects=[],
            kinds=[],
        )
    )
    transaction.add(
        AuditEnd(
            action_id=action_id,
            ended_at=now,
            status=200,
            made=[str(account.account_id)] if account else [],
            made_kinds=["account_id"] if account else [],
            organisation_id=account.organisation_id if account else None,
            organisation=account.organisation if account else None,
        )
    )
