"""Weeks of which visits are expected (RULES 2, 8)."""

from __future__ import annotations

from typing import NamedTuple


class ExpectedWeek(NamedTuple):
    """A week, by its Monday, in which an organisation has care that is paid from visits."""

    organisation_id: str
    organisation: str
    monday: str
