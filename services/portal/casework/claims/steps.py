"""What is done with one-off claims by pages and the API alike: begun, submitted, decided (RULES 10)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.seams.disputes.cases import SaidInCase, SentAttachment
from services.portal.casework.claims.views import ItemOfStay, OfService, find_stay_facts
from services.portal.web.calls import disputes, matching


def begin_claim(
    claim_id: uuid.UUID, *, service: str, year: str, words: str = "", clients: Collection[str] = ()
) -> None:
    """Begin a claim, once for its id.

    Raises Refused: ``not_found`` for a service that is not the caller's, ``unknown_client`` where it has not had one
    of these clients.
    """
    known = matching().service_clients(service_name=service)
    for client in clients:
        if client not in {one["client"] for one in known["clients"]}:
            raise Refused("unknown_client", f"{client} has no care of {known['service']}: check the client.")
    disputes().draft_claim(
        claim_id=claim_id,
        service_name=known["service"],
        service_id=known["service_id"],
        contract=known["contract"],
        financial_year=year,
        words=words,
    )


def submit_claim(claim_id: uuid.UUID, message_id: uuid.UUID) -> SaidInCase:
    """Hand a draft to the council. Raises Refused ``not_found``, ``not_allowed``, ``no_items``."""
    found = disputes().claim(claim_id=claim_id)
    facts = find_stay_facts(found, found["items"])
    return disputes().submit_claim(claim_id=claim_id, message_id=message_id, words="", facts=facts)


def decide_claim(
    claim: OfService,
    items: Sequence[ItemOfStay],
    *,
    move: str,
    message_id: uuid.UUID,
    words: str,
    seen: str | None,
    attachments: Sequence[SentAttachment],
) -> SaidInCase:
    """Accept or reject a claim. It can be rejected whatever matching knows. Raises Refused as disputes does."""
    try:
        facts = find_stay_facts(claim, items)
    except (Refused, ServiceUnavailable):
        if move == "accept":
            raise
        facts = []
    return disputes().decide_claim(
        claim_id=claim["case_id"],
        message_id=message_id,
        move=move,
        words=words,
        seen=seen,
        facts=facts,
        attachments=attachments,
    )
