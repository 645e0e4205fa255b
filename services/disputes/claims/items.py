"""The client items of one-off claims as they stand: the newest version counts, and what was worked out beside it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.casework.cases import PROVIDER
from libs.common.errors import Refused
from services.disputes.claims import rules, store

STAY: Final = ("admitted_on", "resumed_on", "told_on", "is_planned_respite")
"""What of an item states the stay, in the order of `rules.Stay`."""

Row = dict[str, Any]


def list_items(session: Session, claim_id: uuid.UUID) -> list[Row]:
    """The items that were not removed, each with its history, what was worked out, and what to look at for it."""
    workings = store.find_workings(session, claim_id)
    items = []
    for item_id, history in store.list_versions(session, claim_id).items():
        newest = history[-1]
        if newest["is_removed"]:
            continue
        claimed = [version for version in history if version["side"] == PROVIDER][-1]
        first_on, last_on = rules.days_to_look_at(stay_of(newest))
        known = workings.get(item_id)
        items.append(
            newest
            | {
                "quantity": 1,
                "claimed": claimed["amount"],
                "notes": [version for version in history if version["la_note"]],
                "history": history,
                "working": known["working"] if known else None,
                "worked_out_at": known["made_at"] if known else None,
                "look_at": {
                    "client": newest["client_reference"],
                    "first_on": first_on,
                    "last_on": last_on,
                    "resumes_on": newest["resumed_on"],
                },
            }
        )
    return items


def require_item(session: Session, claim_id: uuid.UUID, item_id: uuid.UUID) -> list[Row]:
    """The versions of an item that is not removed. Raises Refused ``not_found``."""
    history = store.list_versions(session, claim_id).get(item_id)
    if not history or history[-1]["is_removed"]:
        raise Refused("not_found", "The claim has no such item.")
    return history


def stay_of(item: Mapping[str, Any]) -> rules.Stay:
    """The stay that an item states."""
    return rules.Stay(*(item[name] for name in STAY))


def fingerprint(items: Sequence[Mapping[str, Any]]) -> str:
    """What somebody has seen of a claim: another amount, item or working is another fingerprint."""
    seen = [
        [str(item["item_id"]), item["ordinal"], (item["working"] or {}).get("amount")]
        for item in sorted(items, key=lambda item: str(item["item_id"]))
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]
