"""Organisations by name and by id (RULES 2, *Who is who*)."""

from __future__ import annotations

from typing import TypedDict


class OrganisationFound(TypedDict):
    """An organisation for an account or a file: its id, its present name, and whether care has named it yet."""

    organisation_id: str
    name: str
    is_known: bool
