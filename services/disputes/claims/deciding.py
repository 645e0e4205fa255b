"""One-off claims are worked out, submitted and decided (RULES 10). Takes a session, never commits.

What matching knows of each stay is handed over by whoever asks: services ask no other services.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit
from libs.common.rpc import Caller
from services.disputes.cases import steps as cases_steps
from services.disputes.cases import store as cases_store
from services.disputes.cases.rules import COUNCIL, PENDING, UNSUBMITTED
from services.disputes.claims import rules, store
from services.disputes.claims.rules import Counts, Known, Visit
from services.disputes.claims.steps import KIND, claim, fingerprint, items_of, stay_of

SYSTEM: Final = "Caretally"
"""Who rejects automatically."""
MESSAGE_IDS: Final = uuid.UUID("3a4c3a0e-1f39-5f0d-8a5a-0f6f3f5f2d10")

Row = dict[str, Any]
Facts = Mapping[uuid.UUID, Mapping[str, Any]]
"""What matching knows of each item's stay."""


def work_out(
    session: Session, caller: Caller, *, claim_id: uuid.UUID, facts: Facts, now: dt.datetime, counts: Counts
) -> Row:
    """The claim with what its items are worth today; kept where it is another amount, day or reason than before.

    A decided claim keeps what it was decided by. Raises Refused ``not_found``.
    """
    found = cases_steps.locked(session, caller, KIND, claim_id)
    if found["state"] in (UNSUBMITTED, PENDING):
        keep(session, caller, found, items_of(session, found), facts, now=now, counts=counts, message_id=None)
    return claim(session, caller, claim_id=claim_id, now=now)


def submit(
    session: Session,
    caller: Caller,
    *,
    claim_id: uuid.UUID,
    message_id: uuid.UUID,
    words: str,
    facts: Facts,
    now: dt.datetime,
    counts: Counts,
) -> Row:
    """Hand a draft to the council; on a contract that does not qualify it is rejected at once.

    Answers {"state", "is_moved"}. Raises Refused: ``not_found``, ``not_allowed``, ``no_items``.
    """
    found = cases_steps.locked(session, caller, KIND, claim_id)
    items = items_of(session, found)
    if found["state"] == UNSUBMITTED and not items:
        raise Refused("no_items", "Add a client item first: the claim is empty.")
    is_new = not cases_store.has_message(session, message_id)
    said = _say(session, caller, claim_id, message_id, "submit", words, now)
    if not (is_new and said["is_moved"]):
        return said
    keep(session, caller, found, items, facts, now=now, counts=counts, message_id=message_id)
    why = rules.why_rejected(_contract(found, facts))
    return said if why is None else _reject_at_once(session, caller, claim_id, message_id, why, now)


def decide(
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
    counts: Counts,
    attachments: Sequence[Mapping[str, Any]] = (),
) -> Row:
    """Accept or reject a claim, with what its items are worth at this moment; an accepted one is said.

    seen: the fingerprint of what was on the page. Answers {"state", "is_moved"}.
    Raises Refused: ``not_found``, ``not_allowed``, ``reason_wanted``, ``seen_another``, ``nothing_included``,
    ``paid_already``, ``does_not_qualify``.
    """
    found = cases_steps.locked(session, caller, KIND, claim_id)
    if move == "reject" and not words:
        raise Refused(
            "reason_wanted", "Enter why the claim is rejected: the provider reads it.", {"field": "words"}
        )
    items = items_of(session, found)
    is_new = not cases_store.has_message(session, message_id)
    if is_new and cases_steps.side_of(caller) == COUNCIL and found["state"] == PENDING:
        store.lock_clients(session, people_of(items, facts))
        worked_out = keep(session, caller, found, items, facts, now=now, counts=counts, message_id=message_id)
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
        for row in store.accepted_items(session, found["organisation_id"], [*people], found["case_id"])
    }
    for item in included:
        number = paid.get((people[item["client_reference"]], item["admitted_on"]))
        if number is not None:
            raise Refused(
                "paid_already",
                f"Claim {number} pays this client’s stay already: exclude the item, or reject the claim.",
            )


def keep(
    session: Session,
    caller: Caller,
    found: Row,
    items: Sequence[Row],
    facts: Facts,
    *,
    now: dt.datetime,
    counts: Counts,
    message_id: uuid.UUID | None,
) -> list[Row]:
    """Work out each item anew and keep what differs from before, or all when somebody submits or decides by it."""
    people = people_of(items, facts)
    taken = taken_elsewhere(session, found, people)
    before = store.workings(session, found["case_id"])
    worked_out, rows = [], []
    for item in items:
        known = facts.get(item["item_id"])
        if known is None:
            worked_out.append(item)
            continue
        of_client = taken.setdefault(people[item["client_reference"]], {})
        result = rules.work_out(stay_of(item), known_of(known, of_client), counts)
        if item["is_included"]:
            of_client |= {line.visit_ref: found["number"] for line in result.counted}
        working = rules.as_json(result) | {
            name: known[name] for name in ("contract", "care_resumed_on", "single_payments")
        }
        worked_out.append(item | {"working": working})
        last = before.get(item["item_id"])
        if message_id is not None or last is None or last["working"] != working:
            about = {"item_id": item["item_id"], "ordinal": (last["ordinal"] if last else 0) + 1}
            about |= {"case_id": found["case_id"], "organisation_id": found["organisation_id"]}
            about |= {"message_id": message_id, "working": working}
            rows.append(about | {"made_by": caller["who"], "made_at": now})
    store.insert_workings(session, rows)
    return worked_out


def people_of(items: Sequence[Row], facts: Facts) -> dict[str, str]:
    """By every reference that a client of these items has or had, the one by which they name the client first."""
    people: dict[str, str] = {}
    for item in items:
        named: str = item["client_reference"]
        for reference in (named, *facts.get(item["item_id"], {}).get("known_as", ())):
            people.setdefault(str(reference), people.get(named, named))
    return people


def taken_elsewhere(session: Session, found: Row, people: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """H visits that other accepted claims count: by client and VisitRef the claim's number."""
    taken: dict[str, dict[str, int]] = {}
    for row in store.accepted_items(session, found["organisation_id"], [*people], found["case_id"]):
        of_client = taken.setdefault(people[row["client_reference"]], {})
        for line in (row["working"] or {}).get("lines", ()):
            if line["is_counted"]:
                of_client[line["visit_ref"]] = row["number"]
    return taken


def known_of(facts: Mapping[str, Any], taken: Mapping[str, int]) -> Known:
    """What matching said, as the rules take it."""
    visits = tuple(
        Visit(
            visit["visit_ref"],
            dt.date.fromisoformat(visit["planned_on"]),
            visit["seconds"],
            visit["cpli_id"],
            None if visit["unit_cost"] is None else Decimal(visit["unit_cost"]),
            visit["is_of_service"],
        )
        for visit in facts["visits"]
    )
    resumed = facts["care_resumed_on"]
    return Known(facts["contract"], visits, dt.date.fromisoformat(resumed) if resumed else None, dict(taken))


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
                    "discharged_on": item["resumed_on"] and item["resumed_on"].isoformat(),
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
    attachments: Sequence[Mapping[str, Any]] = (),
) -> Row:
    said: Row = {"kind": KIND, "case_id": claim_id, "message_id": message_id, "move": move}
    return cases_steps.say(session, caller, **said, words=words, now=now, attachments=attachments)


def _reject_at_once(
    session: Session, caller: Caller, claim_id: uuid.UUID, message_id: uuid.UUID, why: str, now: dt.datetime
) -> Row:
    """By the system, with the reason."""
    found = cases_steps.locked(session, caller, KIND, claim_id)
    cases_steps.make_move(session, found, "reject", now)
    cases_store.insert_message(
        session,
        {
            "message_id": uuid.uuid5(MESSAGE_IDS, str(message_id)),
            "case_id": claim_id,
            "organisation_id": found["organisation_id"],
            "side": COUNCIL,
            "said_by": SYSTEM,
            "said_at": now,
            "move": "reject",
            "state": found["state"],
            "words": why,
        },
    )
    return {"state": found["state"], "is_moved": True}
