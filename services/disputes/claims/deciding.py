"""One-off claims are worked out, submitted and decided (RULES 10). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.clock import iso_text
from libs.common.care.money import pounds_text
from libs.common.casework.cases import CLAIM, COUNCIL, PENDING, UNSUBMITTED
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import SaidInCase
from libs.common.seams.disputes.claims import Claim
from services.disputes.cases import store as cases_store
from services.disputes.cases.sides import side_of
from services.disputes.cases.steps import Attachments, lock_case, make_move, say
from services.disputes.claims import rules, store
from services.disputes.claims.days import is_counted_here
from services.disputes.claims.items import fingerprint, list_items
from services.disputes.claims.rules import Counts
from services.disputes.claims.views import find_claim
from services.disputes.claims.workings import Facts, keep_workings, people_of

CARETALLY: Final = "Caretally"
"""Who rejects automatically."""
MESSAGE_IDS: Final = uuid.UUID("3a4c3a0e-1f39-5f0d-8a5a-0f6f3f5f2d10")

Row = dict[str, Any]


def work_out_claim(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    facts: Facts,
    now: dt.datetime,
    counts: Counts = is_counted_here,
) -> Claim:
    """The claim with what its items are worth today; kept where it is another amount, day or reason than before.

    A decided claim keeps what it was decided by. Raises Refused ``not_found``.
    """
    found = lock_case(session, caller, CLAIM, claim_id)
    if found["state"] in (UNSUBMITTED, PENDING):
        keep_workings(
            session,
            caller,
            found,
            list_items(session, claim_id),
            facts,
            now=now,
            counts=counts,
            message_id=None,
        )
    return find_claim(session, caller, claim_id=claim_id, now=now)


def submit_claim(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    message_id: uuid.UUID,
    words: str,
    facts: Facts,
    now: dt.datetime,
    counts: Counts = is_counted_here,
) -> SaidInCase:
    """Hand a draft to the council; on a contract that does not qualify it is rejected at once.

    Raises Refused: ``not_found``, ``not_allowed``, ``no_items``.
    """
    found = lock_case(session, caller, CLAIM, claim_id)
    items = list_items(session, claim_id)
    if found["state"] == UNSUBMITTED and not items:
        raise Refused("no_items", "Add a client item first: the claim is empty.")
    is_new = not cases_store.has_message(session, message_id)
    said = _say(session, caller, claim_id, message_id, "submit", words, now)
    if not (is_new and said["is_moved"]):
        return said
    keep_workings(session, caller, found, items, facts, now=now, counts=counts, message_id=message_id)
    why = rules.why_rejected(_contract(found, facts))
    return said if why is None else _reject_at_once(session, caller, claim_id, message_id, why, now)


def decide_claim(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    message_id: uuid.UUID,
    move: str,
    words: str,
    facts: Facts,
    seen: str | None,
    now: dt.datetime,
    attachments: Attachments = (),
    counts: Counts = is_counted_here,
) -> SaidInCase:
    """Accept or reject a claim, with what its items are worth at this moment; an accepted one is said.

    seen: the fingerprint of what was on the page.
    Raises Refused: ``not_found``, ``not_allowed``, ``reason_wanted``, ``seen_another``, ``nothing_included``,
    ``paid_already``, ``does_not_qualify``.
    """
    found = lock_case(session, caller, CLAIM, claim_id)
    if move == "reject" and not words:
        raise Refused(
            "reason_wanted", "Enter why the claim is rejected: the provider reads it.", {"field": "words"}
        )
    items = list_items(session, claim_id)
    is_new = not cases_store.has_message(session, message_id)
    if is_new and side_of(caller) == COUNCIL and found["state"] == PENDING:
        store.lock_clients(session, people_of(items, facts))
        worked_out = keep_workings(
            session, caller, found, items, facts, now=now, counts=counts, message_id=message_id
        )
        if move == "accept":
            refuse_to_accept(session, found, worked_out, facts, seen)
    said = _say(session, caller, claim_id, message_id, move, words, now, attachments)
    if is_new and said["is_moved"] and move == "accept":
        say_accepted(session, found, worked_out, facts)
    return said


def refuse_to_accept(
    session: Session, found: Row, items: Sequence[Row], facts: Facts, seen: str | None
) -> None:
    """What speaks against paying a claim, whatever its amounts are."""
    included = [item for item in items if item["is_included"]]
    if seen is not None and seen != fingerprint(items):
        raise Refused(
            "seen_another",
            "The claim, or what it is worth by the visits, has changed since you looked: look at it again.",
        )
    if not included:
        raise Refused("nothing_included", "No item is included: include one, or reject the claim.")
    why = rules.why_rejected(_contract(found, facts))
    if why is not None:
        raise Refused("does_not_qualify", "Only DAPL and LWAH contracts qualify: reject the claim.")
    people = people_of(included, facts)
    paid = {
        (people[row["client_reference"]], row["admitted_on"]): row["number"]
        for row in store.list_accepted_items(session, found["organisation_id"], [*people], found["case_id"])
    }
    for item in included:
        number = paid.get((people[item["client_reference"]], item["admitted_on"]))
        if number is not None:
            raise Refused(
                "paid_already",
                f"Claim {number} pays this client’s stay already: exclude the item, or reject the claim.",
            )


def say_accepted(session: Session, found: Row, items: Sequence[Row], facts: Facts) -> None:
    """``claim_accepted``: what payments is to pay, once."""
    said = []
    for item in items:
        if item["is_included"]:
            known, working = facts[item["item_id"]], item["working"]
            days = [line["on"] for line in working["lines"] if line["is_counted"]]
            first = days[0] if days else item["admitted_on"].isoformat()
            said.append(
                {
                    "item_id": str(item["item_id"]),
                    "client_reference": item["client_reference"],
                    "client_id": known["client_id"],
                    "cpli_id": working["cpli_id"] or known["cpli_id"],
                    "amount": pounds_text(item["amount"]),
                    "worked_out": working["amount"],
                    "first_on": first,
                    "last_on": days[-1] if days else first,
                    "admitted_on": item["admitted_on"].isoformat(),
                    "discharged_on": iso_text(item["resumed_on"]),
                    "reason": item["service_level"],
                }
            )
    body = {"claim_id": str(found["case_id"]), "number": found["number"], "contract": _contract(found, facts)}
    body |= {"organisation_id": str(found["organisation_id"]), "items": said}
    emit(session, "claim_accepted", body, cause_id=str(uuid.uuid4()), lane="single")


def _contract(found: Row, facts: Facts) -> str:
    """The contract of the claim's service today."""
    said = [str(known["contract"]) for known in facts.values()]
    return said[0] if said else str(found["facts"]["contract"])


def _say(
    session: Session,
    caller: Caller,
    claim_id: uuid.UUID,
    message_id: uuid.UUID,
    move: str,
    words: str,
    now: dt.datetime,
    attachments: Attachments = (),
) -> SaidInCase:
    return say(
        session,
        caller,
        kind=CLAIM,
        case_id=claim_id,
        message_id=message_id,
        move=move,
        words=words,
        attachments=attachments,
        now=now,
    )


def _reject_at_once(
    session: Session, caller: Caller, claim_id: uuid.UUID, message_id: uuid.UUID, why: str, now: dt.datetime
) -> SaidInCase:
    """By the system, with the reason."""
    found = lock_case(session, caller, CLAIM, claim_id)
    make_move(session, found, "reject", now)
    cases_store.insert_message(
        session,
        {
            "message_id": uuid.uuid5(MESSAGE_IDS, str(message_id)),
            "case_id": claim_id,
            "organisation_id": found["organisation_id"],
            "side": COUNCIL,
            "said_by": CARETALLY,
            "said_at": now,
            "move": "reject",
            "state": found["state"],
            "words": why,
        },
    )
    return {"state": found["state"], "is_moved": True}
