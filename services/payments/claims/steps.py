"""Accepted one-off claims become payment items (RULES 10): each item once, in the earliest open period. Never commits."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.weeks import monday_of, next_period, period_start_of
from libs.common.messaging.messages import Message
from services.payments import locks
from services.payments.claims import store as claims_store
from services.payments.events.public import say_posted
from services.payments.items import store as items_store
from services.payments.one_offs import store as one_offs_store
from services.payments.one_offs.steps import one_offs_to_post
from services.payments.packages import store as packages_store
from services.payments.packages import store_merges
from services.payments.periods import store as periods_store
from services.payments.periods.rules import Periods

SERIES = "claims"
KIND = "claim"
RULE = "A one-off claim that the council has accepted: 50 % × missed hours × unit cost"


def take_claim(session: Session, message: Message) -> None:
    """``claim_accepted``: post each item that is not posted yet. No client is charged for it.

    The item has the id of the claim's item, so that hearing of it again posts nothing. A one-off that stands for
    the claim and was paid already is taken back.
    """
    body = message.body
    said = sorted(body["items"], key=lambda item: (item["cpli_id"] or 0, item["first_on"], item["item_id"]))
    cpli_ids = {item["cpli_id"] for item in said if item["cpli_id"] is not None}
    locks.lock_periods(session, exclusive=False)
    locks.lock_cplis(session, cpli_ids, exclusive=False)
    packages = packages_store.packages(session, cpli_ids)
    holders = {item["client_id"] or item["client_reference"] for item in said}
    clients = {item["client_id"] for item in said if item["client_id"]}
    stays = store_merges.who_stays(session, clients)
    clients = {stays.get(client_id, client_id) for client_id in clients}
    # of a CPLI that has come to another client meanwhile, that client too: ordinals are counted by CPLI
    locks.lock_clients(session, holders | clients | {package.client_id for package in packages.values()})
    known = claims_store.posted(session, [item["item_id"] for item in said])
    start = earliest_open(session, periods_store.read_periods(session), body["contract"], min_day(said))
    items = []
    for item in said:
        if item["item_id"] not in known:
            row = item_row(item, body, start, message.cause_id)
            row["ordinal"] = claims_store.count_of_week(session, SERIES, row["cpli_id"], row["monday"])
            items_store.insert_item(session, row)
            items.append(row)
    one_offs_store.keep_stays(session, stays_of(said, body["organisation_id"]))
    of_clients = packages_store.one_offs_of_clients(session, clients)
    one_offs = one_offs_to_post(session, of_clients, changed="claim", cause_id=message.cause_id)
    items_store.insert_items(session, one_offs)
    say_posted(session, [*items, *one_offs], [], cause_id=message.cause_id)


def stays_of(said: Sequence[Mapping[str, Any]], organisation_id: str) -> list[dict[str, Any]]:
    """The stays of a claim's items whose client is known, until discharge or else the last day that counts."""
    return [
        {
            "item_id": item["item_id"],
            "organisation_id": organisation_id,
            "client_id": item["client_id"],
            "admitted_on": item.get("admitted_on") or item["first_on"],
            "discharged_on": item.get("discharged_on") or item["last_on"],
        }
        for item in said
        if item["client_id"]
    ]


def earliest_open(session: Session, periods: Periods, contract: str, day: dt.date) -> dt.date:
    """The start of the earliest period that is open for a contract.

    Until one has been finalised it is the first that holds anything, or that of the day itself.
    """
    through = periods.through(contract)
    if through is not None:
        return next_period(through)
    own = period_start_of(day, periods.grid_monday)
    held = periods_store.earliest_open_with_items(session, periods, contract)
    return own if held is None else min(own, held)


def min_day(said: list[dict[str, Any]]) -> dt.date:
    """The first day that any of the items is about."""
    return min(dt.date.fromisoformat(item["first_on"]) for item in said)


def item_row(
    item: Mapping[str, Any], body: Mapping[str, Any], start: dt.date, cause_id: str
) -> dict[str, Any]:
    """A row of ``items``; its week is that of the first day that counts."""
    first_on = dt.date.fromisoformat(item["first_on"])
    explanation = {
        "rule": RULE,
        "parts": [],
        "claim_id": body["claim_id"],
        "claim": body["number"],
        "first_on": item["first_on"],
        "last_on": item["last_on"],
        "worked_out": item["worked_out"],
    }
    return {
        "item_id": item["item_id"],
        "series": SERIES,
        "kind": KIND,
        "cpli_id": item["cpli_id"],
        "monday": monday_of(first_on),
        "ordinal": 0,
        "organisation_id": body["organisation_id"],
        "contract": body["contract"],
        "client_id": item["client_id"],
        "client_reference": item["client_reference"],
        "period_start": start,
        "amount": Decimal(item["amount"]),
        "reason": item["reason"],
        "week_version": 0,
        "explanation": json.dumps(explanation),
        "cause_id": cause_id,
    }
