"""Notes of meetings with providers, which the council keeps (RULES 16)."""

from __future__ import annotations

from typing import Final, TypedDict

LONGEST_PEOPLE: Final = 500


class Meeting(TypedDict):
    """A meeting with a provider: the day, who met, notes and what was agreed.

    ``shared_at`` is when the provider was let see it, None while only the council does.
    """

    meeting_id: str
    organisation_id: str
    held_on: str
    people: str
    notes: str
    agreed: str
    kept_by: str
    kept_at: str
    shared_by: str | None
    shared_at: str | None
