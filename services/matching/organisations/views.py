"""Organisations by name and by id, for whoever must not work one out from the other (RULES 2, *Who is who*)."""

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from libs.common.care.names import find_named
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.matching.organisations import OrganisationFound
from services.matching.organisations import store as organisations_store


def find_organisation(session: Session, name: str) -> OrganisationFound:
    """Whoever is called so now, else whoever was; for a name that nobody ever had, the id that care will give it."""
    everybody = organisations_store.organisations(session)
    known = find_named(name, everybody)
    if known is None:
        return {"organisation_id": str(organisation_id_of(name)), "name": name, "is_known": False}
    present = next(present for one, present, _ in everybody if one == known)
    return {"organisation_id": known, "name": present, "is_known": True}


def list_names(session: Session, caller: Caller) -> list[str]:
    """The names of all organisations that care names; a provider's own alone for a provider."""
    if caller["organisation"] is not None:
        return sorted(names_by_id(session, caller, None).values())
    return organisations_store.organisation_names(session)


def names_by_id(
    session: Session, caller: Caller, organisation_ids: Collection[uuid.UUID] | None
) -> dict[str, str]:
    """The present names of these organisations by their ids, or of all, as far as care has named them and the caller
    may know of them."""
    wanted = None if organisation_ids is None else set(map(str, organisation_ids))
    return {
        one: name
        for one, name, _ in organisations_store.organisations(session)
        if (wanted is None or one in wanted) and caller["organisation"] in (None, one)
    }


def limit_to_organisation(session: Session, caller: Caller, organisation: str | None) -> str | None:
    """The id of the organisation, by its name, that a question is limited to; None is all, for the council alone.

    Raises Refused ``not_found`` for a name that is no organisation, or for a provider that is not its own.
    """
    own = caller["organisation"]
    if organisation is None:
        return own
    found = find_named(organisation, organisations_store.organisations(session))
    if found is None or own not in (None, found):
        raise Refused(
            "not_found", f"No organisation is called “{organisation}”: write the name as care has it."
        )
    return found
