"""What two people decide (RULES 8)."""

from __future__ import annotations

from typing import Any, TypedDict


class ProposalDocument(TypedDict):
    """A proposal and its decision; `wanted` is what the step of its kind takes, `state` waiting, approved or refused."""

    proposal_id: str
    kind: str
    wanted: dict[str, Any]
    proposed_by: str
    proposed_at: str
    state: str
    reason: str
    decided_by: str | None
    decided_at: str | None


class Proposed(TypedDict):
    """What became of something that may need two people: ``posted``, ``unchanged``, or ``proposed`` to a second one."""

    state: str
    proposal_id: str | None
