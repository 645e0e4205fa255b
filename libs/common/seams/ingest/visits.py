"""Visits, one by one and in lists (RULES 3 to 5)."""

from __future__ import annotations

from typing import TypedDict


class Visit(TypedDict):
    """A visit as it is now: what was written, and what is known about it.

    ``values`` are its cells by heading, as a file could hold them; ``file_id`` is None for what was entered by hand.
    """

    ref: str
    organisation_id: str
    organisation: str
    version: int
    deleted: bool
    file_id: str | None
    changed_by: str
    changed_at: str
    planned_on: str
    issues: list[str]
    values: dict[str, str]


class VisitVersion(TypedDict):
    """A version of a visit that a later one replaced: who made it, when, through which file, and what it said."""

    version: int
    deleted: bool
    file_id: str | None
    changed_by: str
    changed_at: str
    reason_of_deletion: str | None
    values: dict[str, str]


class VisitWithVersions(Visit):
    """A visit with what came before it, newest first; ``reason_of_deletion`` is of its present version."""

    reason_of_deletion: str | None
    versions: list[VisitVersion]


class SavedVisit(VisitWithVersions):
    """A visit that was entered or replaced; ``created``: there was none of its VisitRef."""

    created: bool


class VisitLeft(TypedDict):
    """One of many visits that was not deleted, and why."""

    organisation_id: str
    visit_ref: str
    message: str


class DeletedVisits(TypedDict):
    """What became of visits that were to be deleted: how many are, and which were left."""

    done: int
    left: list[VisitLeft]


class FoundVisit(TypedDict):
    """A visit that a search found."""

    ref: str
    organisation: str
    planned_on: str
    deleted: bool


class VisitType(TypedDict):
    """A type that a visit may have."""

    ref: str
    delivered: bool


class VisitChoices(TypedDict):
    """What may be chosen in a form or a filter of visits."""

    services: list[str]
    service_levels: list[str]
    visit_types: list[VisitType]
