"""Having the worker post what clients' weeks owe: an RPC process may not, and finalising should not wait for it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from libs.common.messaging.outbox import emit_many
from services.payments.pricing.rules import ClientWeek

CLIENT_WEEKS_IN_A_MESSAGE = 200


def want_settled(
    session: Session, client_weeks: Sequence[ClientWeek], *, cause_id: str, reason: str = "hold"
) -> None:
    """Say ``settle_wanted``: what is held or invoiced of these clients' weeks has changed, or their contract's terms."""
    pairs = [[client_id, monday.isoformat()] for client_id, monday in client_weeks]
    parts = [
        pairs[first : first + CLIENT_WEEKS_IN_A_MESSAGE]
        for first in range(0, len(pairs), CLIENT_WEEKS_IN_A_MESSAGE)
    ]
    bodies = ({"client_weeks": part, "reason": reason} for part in parts)
    emit_many(session, "settle_wanted", bodies, cause_id=cause_id, lane="single")
