"""The public events of payments (DESIGN 4.3): CloudEvents 1.0, numbered without a gap in each stream.

A stream is an organisation's; charges, which are between the client and the council, are the stream ``council``.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.outbox import emit_public
from services.payments import store

SOURCE = "/caretally/payments"
COUNCIL_STREAM = "council"
ITEM_POSTED = "payment.item.posted.v1"
CHARGE_POSTED = "charge.posted.v1"
PERIOD_FINALISED = "payment.period.finalised.v1"


def say_posted(
    session: Session,
    items: Sequence[Mapping[str, Any]],
    charges: Sequence[Mapping[str, Any]],
    *,
    cause_id: str,
    lane: str,
) -> None:
    """Say new items and charges. The numbers are taken last: their rows stay locked until the commit."""
    events = [
        (str(item["organisation_id"]), ITEM_POSTED, str(item["item_id"]), item_data(item)) for item in items
    ]
    events += [(COUNCIL_STREAM, CHARGE_POSTED, str(row["charge_id"]), charge_data(row)) for row in charges]
    say(session, events, cause_id=cause_id, lane=lane)


def say(
    session: Session, events: Sequence[tuple[str, str, str, dict[str, Any]]], *, cause_id: str, lane: str
) -> None:
    """Say (stream, type, id, data) as CloudEvents, numbered in order within each stream."""
    if not events:
        return
    posted_at = store.now(session)
    numbers = store.take_numbers(session, Counter(stream for stream, *_ in events))
    messages = []
    for stream, kind, event_id, data in events:
        event = cloud_event(stream, kind, event_id, data, numbers[stream], posted_at)
        messages.append((kind, event_id, json.dumps(event), None))
        numbers[stream] += 1
    emit_public(session, messages, cause_id, lane=lane)


def cloud_event(
    stream: str, kind: str, event_id: str, data: dict[str, Any], number: int, posted_at: dt.datetime
) -> dict[str, Any]:
    """One CloudEvent; ``sequence`` is its number in the stream, ``partitionkey`` the stream."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": kind,
        "time": posted_at.isoformat(),
        "datacontenttype": "application/json",
        "partitionkey": stream,
        "sequence": str(number),
        "data": data,
    }


def item_data(item: Mapping[str, Any]) -> dict[str, Any]:
    """What an item event says; the amount is text in pounds."""
    return {
        "item_id": str(item["item_id"]),
        "organisation_id": str(item["organisation_id"]),
        "client_reference": item["client_reference"],
        "cpli_id": item["cpli_id"],
        "week": item["monday"].isoformat(),
        "period_start": item["period_start"].isoformat(),
        "kind": item["kind"],
        "amount": str(item["amount"]),
        "reason": item["reason"],
    }


def charge_data(charge: Mapping[str, Any]) -> dict[str, Any]:
    """What a charge event says; the amount is text in pounds."""
    return {
        "charge_id": str(charge["charge_id"]),
        "client_reference": charge["client_reference"],
        "week": charge["monday"].isoformat(),
        "period_start": charge["period_start"].isoformat(),
        "amount": str(charge["amount"]),
        "reason": charge["reason"],
    }
