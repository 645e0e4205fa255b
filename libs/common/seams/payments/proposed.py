"""What became of something that may need two people (RULES 8)."""

from __future__ import annotations

from typing import TypedDict


class Proposed(TypedDict):
    """``posted``, ``unchanged``, or ``proposed`` to a second person."""

    state: str
    proposal_id: str | None
