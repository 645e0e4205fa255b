"""What the items of a claim are worth by the H visits, kept beside them (RULES 10). Takes a session, never commits.

What matching knows of each stay is handed over by whoever asks: services ask no other services.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.seams.disputes.claims import Working
from services.disputes.claims import rules, store
from services.disputes.claims.items import stay_of
from services.disputes.claims.rules import Counts, Known, Visit

Row = dict[str, Any]
Facts = Mapping[uuid.UUID, Mapping[str, Any]]
"""What matching knows of each item's stay."""


def keep_workings(
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
    before = store.find_workings(session, found["case_id"])
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
        working = working_document(result, known)
        worked_out.append(item | {"working": working})
        last = before.get(item["item_id"])
        if message_id is not None or last is None or last["working"] != working:
            about = {"item_id": item["item_id"], "ordinal": (last["ordinal"] if last else 0) + 1}
            about |= {"case_id": found["case_id"], "organisation_id": found["organisation_id"]}
            about |= {"message_id": message_id, "working": working}
            rows.append(about | {"made_by": caller["who"], "made_at": now})
    store.insert_workings(session, rows)
    return worked_out


def working_document(result: rules.Working, known: Mapping[str, Any]) -> Working:
    """A working as it is kept and shown. known: what matching knows of the stay."""
    return {
        "amount": str(result.amount),
        "seconds": result.seconds,
        "reasons": list(result.reasons),
        "cpli_id": result.cpli_id,
        "lines": [
            {
                "visit_ref": line.visit_ref,
                "on": line.on.isoformat(),
                "seconds": line.seconds,
                "unit_cost": None if line.unit_cost is None else str(line.unit_cost),
                "is_counted": line.is_counted,
                "why": line.why,
            }
            for line in result.lines
        ],
        "contract": known["contract"],
        "care_resumed_on": known["care_resumed_on"],
        "single_payments": known["single_payments"],
    }


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
    for row in store.list_accepted_items(session, found["organisation_id"], [*people], found["case_id"]):
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
