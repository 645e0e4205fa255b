"""One-off claims (RULES 10): drafted with their items, looked at, listed. Takes a session, never commits.

A claim is a case (`cases.py`) with items. An item is never changed: each change is a further version of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.disputes.cases import steps as cases_steps
from services.disputes.cases import store as cases_store
from services.disputes.cases.rules import COUNCIL, PENDING, PROVIDER, STATES, UNSUBMITTED
from services.disputes.claims import rules, store

KIND: Final = "claim"
MOST_ITEMS: Final = 20
STATED: Final = (
    "description",
    "client_reference",
    "admitted_on",
    "resumed_on",
    "told_on",
    "is_planned_respite",
)

Row = dict[str, Any]


def draft(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    service_name: str,
    service_id: uuid.UUID | None = None,
    contract: str,
    financial_year: str,
    words: str,
    attachments: Sequence[Mapping[str, Any]],
    now: dt.datetime,
) -> None:
    """Begin a claim, once for its id. Raises Refused ``not_allowed`` for the council."""
    if caller["organisation"] is None:
        raise Refused("not_allowed", "Only a provider can claim.")
    cases_steps.open_case(
        session,
        caller,
        kind=KIND,
        case_id=claim_id,
        organisation_id=uuid.UUID(caller["organisation"]),
        subject=service_name,
        words=words,
        facts={
            "financial_year": financial_year,
            "service": service_name,
            "service_id": service_id and str(service_id),
            "contract": contract,
        },
        attachments=attachments,
        now=now,
    )


def save_item(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    item_id: uuid.UUID,
    version_id: uuid.UUID,
    attachments: Sequence[Mapping[str, Any]],
    now: dt.datetime,
    **stated: Any,
) -> None:
    """Add an item to a draft, or change one; once for its version's id.

    Raises Refused: ``not_found``, ``not_allowed``, ``wrong_state``, ``too_many_items``.
    """
    found = locked_for(session, caller, claim_id, PROVIDER, UNSUBMITTED, said=version_id)
    if found is None:
        return
    before = store.versions(session, claim_id)
    if item_id not in before and len(before) >= MOST_ITEMS:
        raise Refused("too_many_items", f"A claim has at most {MOST_ITEMS} items: make another claim.")
    fresh = {"service_level": rules.SERVICE_LEVEL, "la_note": "", "is_included": True} | stated
    _add_version(session, caller, found, item_id, len(before.get(item_id, ())), version_id, fresh, now)
    about = {"case_id": claim_id, "organisation_id": found["organisation_id"], "message_id": version_id}
    about |= {"side": PROVIDER, "added_by": caller["who"], "added_at": now}
    cases_store.insert_attachments(session, [{**one, **about} for one in attachments])


def remove_item(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    item_id: uuid.UUID,
    version_id: uuid.UUID,
    now: dt.datetime,
) -> None:
    """Take an item out of a draft. Raises Refused: ``not_found``, ``not_allowed``, ``wrong_state``."""
    found = locked_for(session, caller, claim_id, PROVIDER, UNSUBMITTED, said=version_id)
    if found is not None:
        history = item_of(session, claim_id, item_id)
        _add_version(
            session, caller, found, item_id, len(history), version_id, history[-1] | {"is_removed": True}, now
        )


def amend_item(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    item_id: uuid.UUID,
    version_id: uuid.UUID,
    seen: int,
    amount: Decimal,
    is_included: bool,
    note: str,
    now: dt.datetime,
) -> None:
    """The council changes an item's amount, includes or excludes it, and says why; once for its version's id.

    seen: how many versions the item had on the page. Raises Refused: ``not_found``, ``not_allowed``,
    ``wrong_state``, ``seen_another``, ``note_wanted``.
    """
    found = locked_for(session, caller, claim_id, COUNCIL, PENDING, said=version_id)
    if found is None:
        return
    history = item_of(session, claim_id, item_id)
    before = history[-1]
    if len(history) != seen:
        raise Refused("seen_another", "Somebody else has changed this item: look at it again.")
    is_amended = before["amount"] != amount
    if not note and (is_amended or not is_included):
        why = "Enter why: the provider reads it beside the item."
        raise Refused("note_wanted", why, {"field": "note"})
    words = rules.amended_note(before["amount"], amount, note) if is_amended else note
    changed = before | {"amount": amount, "is_included": is_included, "la_note": words}
    _add_version(session, caller, found, item_id, len(history), version_id, changed, now)


def cancel(
    session: Session, caller: Caller, *, claim_id: uuid.UUID, message_id: uuid.UUID, now: dt.datetime
) -> None:
    """Drop a draft. Raises Refused: ``not_found``, ``not_allowed``, ``wrong_state``."""
    if locked_for(session, caller, claim_id, PROVIDER, UNSUBMITTED, said=None) is not None:
        said: Row = {"kind": KIND, "case_id": claim_id, "message_id": message_id}
        cases_steps.say(session, caller, **said, move="cancel", words="", now=now)


def claim(session: Session, caller: Caller, *, claim_id: uuid.UUID, now: dt.datetime) -> Row:
    """A claim with its items, its conversation, and what was worked out last. Raises Refused ``not_found``."""
    found = cases_steps.case(session, caller, kind=KIND, case_id=claim_id, now=now)
    items = items_of(session, found)
    included = [item for item in items if item["is_included"]]
    return found | {
        **found["facts"],
        "items": items,
        "total_payable": pounds_text(sum((item["amount"] for item in included), NOTHING)),
        "seen": fingerprint(items),
    }


def claims(session: Session, caller: Caller, **wanted: Any) -> list[Row]:
    """A page of claims, newest first; a provider's drafts are for itself alone."""
    states = cases_steps.states_seen(caller, KIND, wanted.pop("states") or STATES[KIND])
    rows = store.claims(session, states=states, **wanted)
    return [row | row["facts"] for row in rows]


def items_of(session: Session, found: Mapping[str, Any]) -> list[Row]:
    """The items that were not removed, each with its history, what was worked out, and what to look at for it."""
    workings = store.workings(session, found["case_id"])
    items = []
    for item_id, history in store.versions(session, found["case_id"]).items():
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


def item_of(session: Session, claim_id: uuid.UUID, item_id: uuid.UUID) -> list[Row]:
    """The versions of an item that is not removed. Raises Refused ``not_found``."""
    history = store.versions(session, claim_id).get(item_id)
    if not history or history[-1]["is_removed"]:
        raise Refused("not_found", "The claim has no such item.")
    return history


def stay_of(item: Mapping[str, Any]) -> rules.Stay:
    """The stay that an item states."""
    return rules.Stay(*(item[name] for name in STATED[2:]))


def fingerprint(items: Sequence[Mapping[str, Any]]) -> str:
    """What somebody has seen of a claim: another amount, item or working is another fingerprint."""
    seen = [
        [str(item["item_id"]), item["ordinal"], (item["working"] or {}).get("amount")]
        for item in sorted(items, key=lambda item: str(item["item_id"]))
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def locked_for(
    session: Session,
    caller: Caller,
    claim_id: uuid.UUID,
    side: str,
    state: str,
    *,
    said: uuid.UUID | None,
) -> Row | None:
    """A claim that this side changes in this state, locked; None when this very change was made already.

    Raises Refused: ``not_found``, ``not_allowed``, ``wrong_state``.
    """
    found = cases_steps.locked(session, caller, KIND, claim_id)
    if cases_steps.side_of(caller) != side:
        raise Refused("not_allowed", "You can’t do this.")
    if said is not None and store.has_version(session, said):
        return None
    if found["state"] != state:
        raise Refused(
            "wrong_state", f"The claim is {found['state'].lower()} by now: its items stay as they are."
        )
    return found


def _add_version(
    session: Session,
    caller: Caller,
    found: Mapping[str, Any],
    item_id: uuid.UUID,
    count: int,
    version_id: uuid.UUID,
    facts: Mapping[str, Any],
    now: dt.datetime,
) -> None:
    about = {"case_id": found["case_id"], "organisation_id": found["organisation_id"], "item_id": item_id}
    about |= {"version_id": version_id, "ordinal": count + 1, "side": cases_steps.side_of(caller)}
    about |= {"changed_by": caller["who"], "changed_at": now}
    store.insert_version(session, {"is_removed": False} | dict(facts) | about)
