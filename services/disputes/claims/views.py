"""One-off claims as the two sides see them: listed, and looked at with their items (RULES 10)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import iso_text
from libs.common.care.money import NOTHING, pounds_text
from libs.common.casework.cases import CLAIM, PAYS_NOTHING, STATES
from libs.common.rpc import Caller
from libs.common.seams.disputes.claims import AboutClaim, Claim, ClaimItem, ItemVersion, ListedClaim
from libs.common.seams.disputes.facts import CaseFacts
from services.disputes.cases.sides import states_seen
from services.disputes.cases.views import find_case
from services.disputes.claims import store
from services.disputes.claims.items import fingerprint, list_items

Row = Mapping[str, Any]


def find_claim(session: Session, caller: Caller, *, claim_id: uuid.UUID, now: dt.datetime) -> Claim:
    """A claim with its items, its conversation, and what was worked out last. Raises Refused ``not_found``."""
    found = find_case(session, caller, kind=CLAIM, case_id=claim_id, now=now)
    items = list_items(session, claim_id)
    included = [item["amount"] for item in items if item["is_included"]]
    is_payable = found["state"] not in PAYS_NOTHING
    return {
        **found,
        **_about_document(found["facts"]),
        "items": [_item_document(item) for item in items],
        "total_payable": pounds_text(sum(included, NOTHING) if is_payable else NOTHING),
        "total_claimed": pounds_text(sum((item["claimed"] for item in items), NOTHING)),
        "seen": fingerprint(items),
    }


def list_claims(
    session: Session,
    caller: Caller,
    *,
    organisation_id: uuid.UUID | None,
    states: Sequence[str],
    financial_year: str | None,
    service_id: uuid.UUID | None,
    after: store.Place | None,
    limit: int,
    clients: Sequence[str] | None = None,
) -> list[ListedClaim]:
    """A page of claims, newest first; a provider's drafts are for itself alone. ``clients``: identifiers of one."""
    rows = store.list_claims(
        session,
        organisation_id=organisation_id,
        states=states_seen(caller, CLAIM, states or STATES[CLAIM]),
        financial_year=financial_year,
        service_id=service_id,
        clients=clients,
        after=after,
        limit=limit,
    )
    return [_listed_document(row) for row in rows]


def _about_document(facts: CaseFacts) -> AboutClaim:
    return {
        "financial_year": facts["financial_year"],
        "service": facts["service"],
        "service_id": facts.get("service_id"),  # claims of old know their service by its name alone
        "contract": facts["contract"],
    }


def _listed_document(row: Row) -> ListedClaim:
    facts: CaseFacts = row["facts"]
    return {
        "case_id": str(row["case_id"]),
        "number": row["number"],
        "kind": row["kind"],
        "organisation_id": str(row["organisation_id"]),
        "state": row["state"],
        "turn": row["turn"],
        "due_at": iso_text(row["due_at"]),
        "client_reference": row["client_reference"],
        "facts": facts,
        **_about_document(facts),
        "opened_by": row["opened_by"],
        "opened_at": row["opened_at"].isoformat(),
        "changed_at": row["changed_at"].isoformat(),
        "clients": row["clients"],
        "total_payable": format(row["total_payable"], "f"),
        "total_claimed": format(row["total_claimed"], "f"),
    }


def _item_document(item: Row) -> ClaimItem:
    look_at = item["look_at"]
    return {
        **_version_document(item),
        "quantity": item["quantity"],
        "claimed": format(item["claimed"], "f"),
        "notes": [_version_document(version) for version in item["notes"]],
        "history": [_version_document(version) for version in item["history"]],
        "working": item["working"],
        "worked_out_at": iso_text(item["worked_out_at"]),
        "look_at": {
            "client": look_at["client"],
            "first_on": look_at["first_on"].isoformat(),
            "last_on": look_at["last_on"].isoformat(),
            "resumes_on": iso_text(look_at["resumes_on"]),
        },
    }


def _version_document(version: Row) -> ItemVersion:
    return {
        "version_id": str(version["version_id"]),
        "item_id": str(version["item_id"]),
        "ordinal": version["ordinal"],
        "description": version["description"],
        "service_level": version["service_level"],
        "client_reference": version["client_reference"],
        "amount": format(version["amount"], "f"),
        "admitted_on": version["admitted_on"].isoformat(),
        "resumed_on": iso_text(version["resumed_on"]),
        "told_on": iso_text(version["told_on"]),
        "is_planned_respite": version["is_planned_respite"],
        "la_note": version["la_note"],
        "is_included": version["is_included"],
        "side": version["side"],
        "changed_by": version["changed_by"],
        "changed_at": version["changed_at"].isoformat(),
    }
