"""Clients that the council has merged: their weeks are charged anew as one's (RULES 2). Takes a session, never commits."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from services.payments import locks
from services.payments.one_offs.steps import one_offs_to_post
from services.payments.packages import store as packages_store
from services.payments.packages import store_merges
from services.payments.posting.settle import settle
from services.payments.pricing import store as pricing_store


def keep_merges(session: Session, rows: Collection[Mapping[str, Any]]) -> set[str]:
    """Keep who stays of each merged client; answers who stays of those that were not known, for ``settle_merged``.

    A merge is never undone, so the order in which messages come doesn't matter.
    """
    said = {row["client_id"]: row["into_client_id"] for row in rows}
    if said.keys() <= store_merges.who_stays(session, said).keys():
        return set()
    # Alone: whoever posts meanwhile would post for two clients.
    locks.lock_periods(session, exclusive=True)
    merges = newly_merged(said, store_merges.who_stays(session, {*said, *said.values()}))
    store_merges.save(session, merges)
    return set(merges.values())


def settle_merged(session: Session, client_ids: Collection[str], message: Message) -> None:
    """Post what the weeks of merged clients owe as one's: what was charged to either counts as charged to who stays."""
    client_weeks = pricing_store.mondays_of_clients(session, client_ids)
    one_offs = one_offs_to_post(
        session,
        packages_store.one_offs_of_clients(session, client_ids),
        changed="care",
        cause_id=message.cause_id,
    )
    settle(session, client_weeks, changed="care", cause_id=message.cause_id, one_offs=one_offs)


def newly_merged(said: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Who stays in the end of each client that was not known to be merged, by who was."""
    stays = {**said, **known}

    def in_the_end(client_id: str) -> str:
        return in_the_end(stays[client_id]) if client_id in stays else client_id

    return {client_id: in_the_end(client_id) for client_id in said if client_id not in known}
