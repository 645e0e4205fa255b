"""Whose a meeting is, and what the audit trail is told of one."""

from __future__ import annotations

from libs.common.errors import Refused
from libs.common.seams.disputes.meetings import Meeting
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.web.access import caller
from services.portal.web.calls import gateway
from services.portal.web.formats import day
from services.portal.web.names.organisations import id_of


def organisation_id_of(name: str | None) -> str:
    """Who is called so. Raises Refused ``not_found``, and ``organisation_wanted`` where none is named."""
    found = id_of(gateway(), caller(), name)
    if found is None:
        raise Refused("organisation_wanted", "Choose a provider", {"field": "organisation"})
    return found


def tell_of_meeting(found: Meeting) -> None:
    """Have the trail say which meeting it was, and who sees its notes now."""
    who = "shared with the provider" if found["shared_at"] else "for the council alone"
    tell(
        outcome=f"Meeting of {day(found['held_on'])}: {who}",
        about=[Thing("meeting_id", found["meeting_id"])],
    )
