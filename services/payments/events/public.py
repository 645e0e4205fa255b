"""The public events of payments (DESIGN 4.3): CloudEvents 1.0, numbered without a gap in each stream.

A stream is an organisation's; charges, which are between the client and the council, are the stream ``council``.
"""

import datetime as dt
import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.messaging.outbox import emit_public
from services.payments.events import store as events_store
from services.payments.items.rules import PAYABLE, Portion

SOURCE = "/caretally/payments"
COUNCIL_STREAM = "council"
MOVED_IDS = uuid.UUID("5d3f9a5c-52b3-5c7e-8a83-6a1a3a4d6b04")
ITEM_POSTED = "payment.item.posted.v1"
ITEM_MOVED = "payment.item.moved.v1"
CHARGE_POSTED = "charge.posted.v1"


def say_posted(
    session: Session,
    items: Sequence[Mapping[str, Any]],
    charges: Sequence[Mapping[str, Any]],
    *,
    cause_id: str,
) -> None:
    """Say new items and charges. The numbers are taken last: their rows stay locked until the commit.

    An item that is carried forward is posted as such; that it is payable in a later period is said by a move.
    """
    events = []
    for item in items:
        stream = str(item["organisation_id"])
        events.append((stream, ITEM_POSTED, str(item["item_id"]), item_data(item)))
        if item.get("pays_in"):
            line = Portion(item["pays_in"], PAYABLE, item["amount"])
            move_id = str(uuid.uuid5(MOVED_IDS, str(item["item_id"])))
            events.append((stream, ITEM_MOVED, move_id, moved_data(item, move_id, "carry_forward", [line])))
    events += [(COUNCIL_STREAM, CHARGE_POSTED, str(row["charge_id"]), charge_data(row)) for row in charges]
    say(session, events, cause_id=cause_id)


def say_moved(
    session: Session, moves: Sequence[tuple[Mapping[str, Any], str, str, Sequence[Portion]]], *, cause_id: str
) -> None:
    """Say what was done with items: (item, id of the move, its name, its lines) each."""
    events = [
        (str(item["organisation_id"]), ITEM_MOVED, move_id, moved_data(item, move_id, name, lines))
        for item, move_id, name, lines in moves
    ]
    say(session, events, cause_id=cause_id)


def say(session: Session, events: Sequence[tuple[str, str, str, dict[str, Any]]], *, cause_id: str) -> None:
    """Say (stream, type, id, data) as CloudEvents, numbered in order within each stream."""
    if not events:
        return
    posted_at = events_store.read_moment(session)
    numbers = events_store.take_numbers(session, Counter(stream for stream, *_ in events))
    messages = []
    for stream, kind, event_id, data in events:
        event = cloud_event(stream, kind, event_id, data, numbers[stream], posted_at)
        messages.append((kind, event_id, json.dumps(event), None))
        numbers[stream] += 1
    emit_public(session, messages, cause_id)


def cloud_event(
    stream: str, kind: str, event_id: str, data: dict[str, Any], number: int, posted_at: dt.datetime
) -> dict[str, Any]:
    """One CloudEvent; ``sequence`` is its number in the stream, ``partitionkey`` the stream.

    CloudEvents asks that sequences sort as text, so the number is filled up with zeros.
    """
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": kind,
        "time": posted_at.astimezone(dt.UTC).isoformat(),
        "datacontenttype": "application/json",
        "partitionkey": stream,
        "sequence": f"{number:012d}",
        "data": data,
    }


def item_data(item: Mapping[str, Any]) -> dict[str, Any]:
    """What an item event says; the amount is text in pounds, ``status`` whether it is payable or how it is held."""
    return {
        "item_id": str(item["item_id"]),
        "organisation_id": str(item["organisation_id"]),
        "client_reference": item["client_reference"],
        "cpli_id": item["cpli_id"],
        "week": None if item["monday"] is None else item["monday"].isoformat(),
        "period_start": item["period_start"].isoformat(),
        "contract": item["contract"],
        "kind": item["kind"],
        "amount": str(item["amount"]),
        "status": item.get("status", PAYABLE),
        "reason": item["reason"],
    }


def moved_data(item: Mapping[str, Any], move_id: str, name: str, lines: Sequence[Portion]) -> dict[str, Any]:
    """What is said of a move: pounds that come to a period and status of an item, or (below nothing) leave it."""
    return {
        "move_id": move_id,
        "item_id": str(item["item_id"]),
        "organisation_id": str(item["organisation_id"]),
        "client_reference": item["client_reference"],
        "cpli_id": item["cpli_id"],
        "week": None if item["monday"] is None else item["monday"].isoformat(),
        "contract": item["contract"],
        "kind": item["kind"],
        "name": name,
        "lines": [
            {"period_start": line.period_start.isoformat(), "status": line.status, "amount": str(line.amount)}
            for line in lines
        ],
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
