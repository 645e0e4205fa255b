"""One-off claims (RULES 10): drafted with their items. Takes a session, never commits.

A claim is a case (`cases`) with items. An item is never changed: each change is a further version of it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.casework.cases import CLAIM, COUNCIL, MOST_CLAIM_ITEMS, PENDING, PROVIDER, UNSUBMITTED
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.disputes.cases import store as cases_store
from services.disputes.cases.sides import side_of
from services.disputes.cases.steps import Attachments, lock_case, open_case, say
from services.disputes.claims import rules, store
from services.disputes.claims.items import require_item

Row = dict[str, Any]


def draft_claim(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    service_name: str,
    service_id: uuid.UUID | None = None,
    contract: str,
    financial_year: str,
    words: str,
    attachments: Attachments,
    now: dt.datetime,
) -> None:
    """Begin a claim, once for its id. Raises Refused ``not_allowed`` for the council."""
    if caller["organisation"] is None:
        raise Refused("not_allowed", "Only a provider can claim.")
    open_case(
        session,
        caller,
        kind=CLAIM,
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
    description: str,
    client_reference: str,
    amount: Decimal,
    admitted_on: dt.date,
    resumed_on: dt.date | None,
    told_on: dt.date | None,
    is_planned_respite: bool,
    attachments: Attachments,
    now: dt.datetime,
) -> None:
    """Add an item to a draft, or change one; once for its version's id.

    Raises Refused: ``not_found``, ``not_allowed``, ``wrong_state``, ``too_many_items``.
    """
    found = lock_to_change(session, caller, claim_id, PROVIDER, UNSUBMITTED, said=version_id)
    if found is None:
        return
    before = store.list_versions(session, claim_id)
    if item_id not in before and len(before) >= MOST_CLAIM_ITEMS:
        raise Refused("too_many_items", f"A claim has at most {MOST_CLAIM_ITEMS} items: make another claim.")
    fresh = {
        "service_level": rules.SERVICE_LEVEL,
        "la_note": "",
        "is_included": True,
        "description": description,
        "client_reference": client_reference,
        "amount": amount,
        "admitted_on": admitted_on,
        "resumed_on": resumed_on,
        "told_on": told_on,
        "is_planned_respite": is_planned_respite,
    }
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
    found = lock_to_change(session, caller, claim_id, PROVIDER, UNSUBMITTED, said=version_id)
    if found is not None:
        history = require_item(session, claim_id, item_id)
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
    found = lock_to_change(session, caller, claim_id, COUNCIL, PENDING, said=version_id)
    if found is None:
        return
    history = require_item(session, claim_id, item_id)
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


def cancel_claim(
    session: Session, caller: Caller, *, claim_id: uuid.UUID, message_id: uuid.UUID, now: dt.datetime
) -> None:
    """Drop a draft. Raises Refused: ``not_found``, ``not_allowed``, ``wrong_state``."""
    if lock_to_change(session, caller, claim_id, PROVIDER, UNSUBMITTED, said=None) is not None:
        say(
            session,
            caller,
            kind=CLAIM,
            case_id=claim_id,
            message_id=message_id,
            move="cancel",
            words="",
            now=now,
        )


def lock_to_change(
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
    found = lock_case(session, caller, CLAIM, claim_id)
    if side_of(caller) != side:
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
    about |= {"version_id": version_id, "ordinal": count + 1, "side": side_of(caller)}
    about |= {"changed_by": caller["who"], "changed_at": now}
    store.insert_version(session, {"is_removed": False} | dict(facts) | about)
