"""Disputes about visits, and about weeks of care (RULES 9)."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from libs.common.seams.disputes.cases import CaseWithMessages
from libs.common.seams.disputes.facts import CaseFacts


class VisitSaying(TypedDict):
    """What a visit says: its version, and its cells by heading."""

    version: int
    deleted: bool
    values: dict[str, str]


class VisitToDispute(VisitSaying):
    """A visit to raise a dispute on, with what it says now."""

    visit_ref: str


class DisputeToRaise(TypedDict):
    """A dispute to raise: on ``visits``, or on the week that ``monday`` names of the CPLI."""

    case_id: str
    organisation_id: str
    client_reference: str
    reason: str
    words: str
    first_on: NotRequired[str]
    last_on: NotRequired[str]
    visits: NotRequired[list[VisitToDispute]]
    cpli_id: NotRequired[int]
    monday: NotRequired[str]
    facts: NotRequired[CaseFacts]


class DisputedVisit(TypedDict):
    """A visit in dispute, as it was when the dispute was raised."""

    visit_ref: str
    snapshot: VisitSaying


class Dispute(CaseWithMessages):
    """A dispute with its conversation and its visits; without visits it is about a week."""

    visits: list[DisputedVisit]


class DisputeOfVisit(TypedDict):
    """An open dispute about a visit."""

    organisation_id: str
    visit_ref: str
    case_id: str
    number: int
    subject: str
    state: str


class OpenDispute(TypedDict):
    """An open dispute about visits (their references), or about the week of a CPLI (its Monday)."""

    case_id: str
    number: int
    subject: str
    state: str
    organisation_id: str
    cpli_id: int | None
    monday: str | None
    visits: list[str]


class ResolvedDisputes(TypedDict):
    """What became of disputes that were to be resolved: the organisation of each that was, the ids of those left."""

    resolved: list[str]
    left: list[str]
