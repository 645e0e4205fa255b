"""One-off claims: the hospital incentive (RULES 10)."""

from __future__ import annotations

from typing import TypedDict

from libs.common.seams.disputes.cases import CaseWithMessages
from libs.common.seams.disputes.facts import CaseFacts
from libs.common.seams.matching.hospital import HospitalStay, SinglePayment, StayAsked


class StayFacts(HospitalStay):
    """What matching knows of an item's stay, as disputes is told."""

    item_id: str


class CountedVisit(TypedDict):
    """An H visit, and whether it counts."""

    visit_ref: str
    on: str
    seconds: int
    unit_cost: str | None
    is_counted: bool
    why: str


class Working(TypedDict):
    """What a stay is worth by its H visits, and how that came about; ``reasons``: why it is worth nothing."""

    amount: str
    seconds: int
    reasons: list[str]
    cpli_id: int | None
    lines: list[CountedVisit]
    contract: str
    care_resumed_on: str | None
    single_payments: list[SinglePayment]


class ItemVersion(TypedDict):
    """What was said of a client item at one time; ``la_note``: by the council."""

    version_id: str
    item_id: str
    ordinal: int
    description: str
    service_level: str
    client_reference: str
    amount: str
    admitted_on: str
    resumed_on: str | None
    told_on: str | None
    is_planned_respite: bool
    la_note: str
    is_included: bool
    side: str
    changed_by: str
    changed_at: str


class ClaimItem(ItemVersion):
    """A client item as it stands; ``claimed``: what the provider stated last; ``notes``: versions that say something."""

    quantity: int
    claimed: str
    notes: list[ItemVersion]
    history: list[ItemVersion]
    working: Working | None
    worked_out_at: str | None
    look_at: StayAsked


class AboutClaim(TypedDict):
    """What a claim is for: a provider's service under a contract, in a financial year."""

    financial_year: str
    service: str
    service_id: str | None
    contract: str


class ClaimCase(CaseWithMessages, AboutClaim):
    """A claim with its conversation; ``seen``: stands for all of it that somebody may accept.

    ``total_payable``: of the included items; nothing once the claim is rejected or cancelled. ``total_claimed``: what the
    provider stated.
    """

    total_payable: str
    total_claimed: str
    seen: str


class Claim(ClaimCase):
    """A claim with its items and its conversation."""

    items: list[ClaimItem]


class ListedClaim(AboutClaim):
    """A claim in a list; sums as of a `ClaimCase`."""

    case_id: str
    number: int
    kind: str
    organisation_id: str
    state: str
    turn: str
    due_at: str | None
    client_reference: str
    facts: CaseFacts
    opened_by: str
    opened_at: str
    changed_at: str
    clients: list[str]
    total_payable: str
    total_claimed: str
