"""Having the worker post what clients' weeks owe: an RPC process may not, and finalising should not wait for it."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit_many
from services.payments.posting.settle import settle
from services.payments.pricing import store as pricing_store
from services.payments.pricing.store import ClientWeek

CLIENT_WEEKS_IN_A_MESSAGE = 200


def want_settled(session: Session, client_weeks: Sequence[ClientWeek], *, cause_id: str) -> None:
    """Say ``settle_wanted``: what is held of these clients' weeks has changed."""
    pairs = [[client_id, monday.isoformat()] for client_id, monday in client_weeks]
    parts = [
        pairs[first : first + CLIENT_WEEKS_IN_A_MESSAGE]
        for first in range(0, len(pairs), CLIENT_WEEKS_IN_A_MESSAGE)
    ]
    bodies = ({"client_weeks": part, "reason": "hold"} for part in parts)
    emit_many(session, "settle_wanted", bodies, cause_id=cause_id, lane="single")


def settle_client_weeks(session: Session, message: Message) -> None:
    """``settle_wanted``: post what these clients' weeks owe; something else than their visits or care has changed.

    The clients' locks are enough: no CPLI comes to or leaves a client without them.
    """
    said = message.body["client_weeks"]
    client_weeks = {(client_id, dt.date.fromisoformat(monday)) for client_id, monday in said}
    pricing_store.lock_periods(session, exclusive=False)
    pricing_store.lock_clients(session, {client_id for client_id, _ in client_weeks})
    settle(session, client_weeks, changed=message.body["reason"], cause_id=message.cause_id)
