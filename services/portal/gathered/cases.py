"""Sections that clients and providers have alike: disputes, claims, concerns, contract documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from libs.common.casework.cases import DISPUTE
from libs.common.casework.cases import STATES as CASE_STATES
from libs.common.casework.concerns import STATES as CONCERN_STATES
from libs.common.rights import names as rights
from libs.common.seams.disputes.claims import ListedClaim
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.matching import MatchingClient
from services.portal.documents.views import reference_of
from services.portal.documents.words import STATES as DOCUMENT_STATES
from services.portal.gathered.sections import SHOWN, Cell, Rows, Section, money
from services.portal.web.formats import day, day_of, last_day


def disputes(
    asked: DisputesClient,
    *,
    organisation_id: str | None = None,
    clients: Sequence[str] | None = None,
    **limits: Any,
) -> Section:
    """Of every state, the newest first; limits: those of the list's address."""
    states = list(CASE_STATES[DISPUTE])

    def ask() -> Rows:
        found = asked.cases(
            kind=DISPUTE, states=states, organisation_id=organisation_id, clients=clients, limit=SHOWN
        )
        return [
            (
                Cell(f"{one['number']}: {one['subject']}", url_for("disputes.one", case_id=one["case_id"])),
                Cell(one["client_reference"]),
                Cell(one["state"]),
                Cell(last_day(one["due_at"]) if one["due_at"] else "–"),
                Cell(day_of(one["opened_at"])),
            )
            for one in found
        ]

    return Section(
        "disputes",
        "Disputes",
        ("Dispute", "Client", "State", "Answer due", "Raised"),
        (rights.READ_CASEWORK,),
        "All disputes",
        url_for("disputes.disputes", status=states, **limits),
        ask,
    )


def claims(
    asked: DisputesClient,
    *,
    organisation_id: str | None = None,
    clients: Sequence[str] | None = None,
    **limits: Any,
) -> Section:
    """Of every state, the newest first."""

    def ask() -> Rows:
        return [
            (
                Cell(str(one["number"]), url_for("claims.one", claim_id=one["case_id"])),
                Cell(one["service"]),
                Cell(one["state"]),
                Cell(day_of(one["opened_at"])),
                money(_amount_of(one)),
            )
            for one in asked.claims(organisation_id=organisation_id, clients=clients, limit=SHOWN)
        ]

    return Section(
        "claims",
        "One-off claims",
        ("Claim", "Service", "State", "Begun", "Payable or claimed"),
        (rights.READ_CASEWORK,),
        "All claims",
        url_for("claims.claims_page", state="All", **limits),
        ask,
    )


def concerns(
    asked: DisputesClient,
    *,
    organisation_id: str | None = None,
    clients: Sequence[str] | None = None,
    **limits: Any,
) -> Section:
    """Of every state, the newest first."""
    states = list(CONCERN_STATES)

    def ask() -> Rows:
        found = asked.concerns(states=states, organisation_id=organisation_id, clients=clients, limit=SHOWN)
        return [
            (
                Cell(
                    f"{one['number']}: {one['kind']}",
                    url_for("concerns.one", concern_id=one["concern_id"]),
                ),
                Cell(one["client_reference"] or "–"),
                Cell(one["state"]),
                Cell(day(one["received_on"])),
            )
            for one in found
        ]

    return Section(
        "concerns",
        "Concerns",
        ("Concern", "Client", "State", "Received"),
        (rights.READ_CONCERNS,),
        "All concerns",
        url_for("concerns.concerns", state=states, **limits),
        ask,
    )


def documents(client: MatchingClient, *, organisation: str | None = None, of: str | None = None) -> Section:
    """Contract documents of every status, the newest first; of: the client."""

    def ask() -> Rows:
        found = client.contract_documents(organisation=organisation, client=of, after=None, limit=SHOWN)
        return [
            (
                Cell(
                    str(one["number"]),
                    url_for("contract_documents.one", document_id=one["document_id"]),
                ),
                Cell(one["listed_name"] or reference_of(one)),
                Cell(f"{one['service_level']}, {one['service']}"),
                Cell(DOCUMENT_STATES[one["status"]][0]),
                Cell(day(one["start_on"])),
            )
            for one in found
        ]

    return Section(
        "documents",
        "Contract documents",
        ("Document", "Client", "Care", "Status", "From"),
        (rights.READ_DOCUMENTS,),
        "All contract documents",
        url_for("contract_documents.documents", status="all", client=of, organisation=organisation),
        ask,
    )


def _amount_of(claim: ListedClaim) -> str:
    """What it pays; what was claimed, where it pays nothing."""
    pays_nothing = claim["state"] in ("Rejected", "Cancelled")
    return claim["total_claimed"] if pays_nothing else claim["total_payable"]
