"""The queries of forms that could not be sent."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_requests import UnsentForm

MOST_OF_ONE: Final = 10
"""So many forms of an account are kept; the oldest go first."""


def keep(transaction: Transaction, row: UnsentForm, now: dt.datetime) -> None:
    """Keep one more, and drop what is over."""
    transaction.add(row)
    transaction.flush()
    of_account = select(UnsentForm.unsent_id).where(UnsentForm.account_id == row.account_id)
    too_many = of_account.order_by(UnsentForm.over_at.desc(), UnsentForm.unsent_id).offset(MOST_OF_ONE)
    transaction.execute(delete(UnsentForm).where(UnsentForm.unsent_id.in_(too_many.scalar_subquery())))
    transaction.execute(delete(UnsentForm).where(UnsentForm.over_at <= now))


def unsent_form(
    transaction: Transaction, unsent_id: uuid.UUID, account_id: uuid.UUID, now: dt.datetime
) -> UnsentForm | None:
    """What this account typed, unless it is over."""
    return transaction.scalar(
        select(UnsentForm).where(
            UnsentForm.unsent_id == unsent_id, UnsentForm.account_id == account_id, UnsentForm.over_at > now
        )
    )
