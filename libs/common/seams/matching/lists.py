"""The lists that the council changes (RULES 2, 6)."""

from __future__ import annotations

from typing import TypedDict


class ServiceLevel(TypedDict):
    """A service level, and how many line items have it."""

    key: str
    ref: str | None
    name: str
    requires_visits: bool
    aliases: list[str]
    cplis: int


class ServiceLevelSaved(TypedDict):
    """A service level that is on the list now."""

    key: str
    is_new: bool


class VisitTypeChange(TypedDict):
    """What of a visit type is paid and charged from a planned date on; ``basis``: by which time, empty for neither."""

    effective_from: str
    paid: bool
    charged: bool
    basis: str


class VisitType(TypedDict):
    """A visit type as it is today, with all its changes."""

    ref: str
    name: str
    delivered: bool
    paid: bool
    charged: bool
    basis: str
    changes: list[VisitTypeChange]
