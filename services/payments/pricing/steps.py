"""Having weeks priced again, some at a time, when pay rules or visit types change. Takes a session, never commits."""

import datetime as dt
from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from libs.common.care.weeks import monday_of
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit_many
from services.payments.pay_rules import store as pay_rules_store

WEEKS_IN_A_MESSAGE = 200


def have_weeks_priced(
    session: Session, counts: Iterable[tuple[int, int]], message: Message, since: dt.date = dt.date.min
) -> None:
    """Have the weeks since a Monday of these CPLIs priced again; ``counts`` says how many each has."""
    bodies = ({"cpli_ids": batch, "since": since.isoformat()} for batch in batches_of(counts))
    emit_many(session, "pricing_wanted", bodies, cause_id=message.cause_id)


def batches_of(counts: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """CPLIs with some two hundred weeks together; one that has more is alone."""
    batch: list[int] = []
    weeks = 0
    for cpli_id, count in counts:
        if batch and weeks + count > WEEKS_IN_A_MESSAGE:
            yield batch
            batch, weeks = [], 0
        batch.append(cpli_id)
        weeks += count
    if batch:
        yield batch


def have_contract_priced(session: Session, message: Message) -> None:
    """``pay_rules_set``: have every week of the contract from that date on priced again, some at a time."""
    since = monday_of(dt.date.fromisoformat(message.body["effective_from"]))
    counts = pay_rules_store.weeks_of_contract(session, message.body["contract"], since)
    have_weeks_priced(session, counts, message, since)
