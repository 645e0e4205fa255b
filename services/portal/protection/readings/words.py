"""The words of readings: in which role somebody looked, by what, and at what."""

from __future__ import annotations

from typing import Final

from services.portal.audit.words import ROLES, action_in_words
from services.portal.web import navigation

API: Final = "api."
"""How endpoints of the API begin."""


def role_in_words(role: str) -> str:
    """The role of whoever looked; of a token without an owner whose system it is."""
    return ROLES.get(role) or role.replace("_", " ").capitalize()


def way_of(endpoint: str) -> str:
    """By what somebody asked."""
    return "API" if endpoint.startswith(API) else "Page"


def area_of(endpoint: str) -> str:
    """What pages of an endpoint are about."""
    blueprint = endpoint.partition(".")[0]
    of_area = next((entry.text for entry in navigation.ENTRIES if entry.has(blueprint)), None)
    return of_area or action_in_words(endpoint)
