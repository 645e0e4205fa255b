"""One-off claims as pages and the API show them: disputes keeps them, matching knows the H visits (RULES 10)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from libs.common.care.clock import london_day
from libs.common.care.weeks import financial_year_of
from libs.common.errors import Refused, ServiceUnavailable
from libs.common.rpc import Caller
from services.portal.accounts.environment import Parts
from services.portal.casework.cases.views import write_to_providers
from services.portal.clients.gateway import Gateway
from services.portal.help.rules import financial_year, first_year_of

Row = dict[str, Any]

YEARS_BACK = 5
STATES = ("Unsubmitted", "Pending", "Accepted", "Rejected", "Cancelled")
OPEN = ("Unsubmitted", "Pending")


def financial_years(now: dt.datetime) -> list[str]:
    """This financial year and those before it, for which something can be claimed."""
    newest = first_year_of(financial_year_of(london_day(now)))
    return [financial_year(newest - back) for back in range(YEARS_BACK + 1)]


def claim(gateway: Gateway, caller: Caller, claim_id: uuid.UUID) -> Row:
    """A claim with what its items are worth by the visits of today, while it is open.

    While matching is away, or knows the service no more: by those of the last time. Raises Refused ``not_found``.
    """
    found: Row = gateway.ask("disputes", "claim", caller, claim_id=str(claim_id))
    if found["state"] in OPEN and found["items"]:
        try:
            facts = facts_of(gateway, caller, found)
        except (Refused, ServiceUnavailable):
            return found
        found = gateway.ask("disputes", "work_out_claim", caller, claim_id=str(claim_id), facts=facts)
    return with_service_names(gateway, caller, [found])[0]


def with_service_names(gateway: Gateway, caller: Caller, found: list[Row]) -> list[Row]:
    """Claims whose services are called as they are now; as they were then, while matching can't be asked."""
    ids = sorted({row["service_id"] for row in found if row.get("service_id")})
    if ids:
        answers = gateway.ask_together(("matching",), "service_names", caller, service_ids=ids)
        names = answers.get("matching", {})
        for row in found:
            row["service"] = names.get(row.get("service_id"), row["service"])
    return found


def facts_of(gateway: Gateway, caller: Caller, found: Row) -> list[Row]:
    """What matching knows of each item's stay, for disputes. Raises ServiceUnavailable."""
    items = found["items"]
    stays = gateway.ask(
        "matching",
        "hospital_stays",
        caller,
        organisation_id=found["organisation_id"],
        service_name=found["service"],
        service_id=found.get("service_id"),
        stays=[item["look_at"] for item in items],
    )
    return [stay | {"item_id": item["item_id"]} for item, stay in zip(items, stays, strict=True)]


def submit(
    gateway: Gateway, caller: Caller, claim_id: uuid.UUID, *, message_id: uuid.UUID, words: str = ""
) -> Row:
    """Hand a draft to the council; {"state", "is_moved"}."""
    found = gateway.ask("disputes", "claim", caller, claim_id=str(claim_id))
    facts = facts_of(gateway, caller, found) if found["items"] else []
    said: Row = gateway.ask(
        "disputes",
        "submit_claim",
        caller,
        claim_id=str(claim_id),
        message_id=str(message_id),
        words=words,
        facts=facts,
    )
    return said


def decide(
    gateway: Gateway,
    caller: Caller,
    found: Row,
    *,
    move: str,
    message_id: uuid.UUID,
    words: str,
    seen: str | None,
    attachments: Sequence[Row],
) -> Row:
    """Accept or reject a claim; {"state", "is_moved"}. It can be rejected whatever matching knows.

    attachments: stored files, as `attachments.py` gives them.
    """
    try:
        facts = facts_of(gateway, caller, found) if found["items"] else []
    except (Refused, ServiceUnavailable):
        if move == "accept":
            raise
        facts = []
    said: Row = gateway.ask(
        "disputes",
        "decide_claim",
        caller,
        claim_id=found["case_id"],
        message_id=str(message_id),
        move=move,
        words=words,
        seen=seen,
        facts=facts,
        attachments=list(attachments),
    )
    return said


def begin(
    gateway: Gateway,
    caller: Caller,
    claim_id: uuid.UUID,
    *,
    service: str,
    year: str,
    words: str = "",
    clients: Collection[str] = (),
) -> None:
    """Begin a claim, once for its id.

    Raises Refused: ``not_found`` for a service that is not the caller's, ``unknown_client`` where it has not had one
    of these clients.
    """
    known = gateway.ask("matching", "service_clients", caller, service_name=service)
    for client in clients:
        if client not in {one["client"] for one in known["clients"]}:
            raise Refused("unknown_client", f"{client} has no care of {known['service']}: check the client.")
    gateway.ask(
        "disputes",
        "draft_claim",
        caller,
        claim_id=str(claim_id),
        service_name=known["service"],
        service_id=known["service_id"],
        contract=known["contract"],
        financial_year=year,
        words=words,
        attachments=[],
    )


def tell(parts: Parts, found: Row, state: str, message_id: uuid.UUID) -> None:
    """At once, a letter to whoever of the provider wants to know that a claim was decided, once for the message."""
    sentence = f"The council has {state.lower()} your one-off claim {found['number']}."
    whose, path = [found["organisation_id"]], f"/claims/{found['case_id']}"
    write_to_providers(parts, "claim", whose, sentence, path, about=message_id)
