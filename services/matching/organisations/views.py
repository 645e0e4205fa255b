"""Organisations by name and by id, for whoever must not work one out from the other (RULES 2, *Who is who*)."""

from collections.abc import Collection
from typing import TypedDict

from sqlalchemy.orm import Session

from libs.common.care.names import find_named
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.matching.organisations import store as organisations_store


class OrganisationFound(TypedDict):
    """An organisation for an account or a file: its id, its present name, and whether care has named it yet."""

    organisation_id: str
    name: str
    is_known: bool


def find_organisation(session: Session, name: str) -> OrganisationFound:
    """Whoever is called so now, else whoever was; for a name that nobody ever had, the id that care will give it."""
    everybody = organisations_store.organisations(session)
    known = find_named(name, everybody)
    if known is None:
        return {"organisation_id": str(organisation_id_of(name)), "name": name, "is_known": False}
    present = next(present for one, present, _ in everybody if one == known)
    return {"organisation_id": known, "name": present, "is_known": True}


def names_by_id(session: Session, wanted: Collection[str] | None) -> dict[str, str]:
    """The present names of these organisations, or of all, as far as care has named them."""
    return {
        one: name
        for one, name, _ in organisations_store.organisations(session)
        if wanted is None or one in wanted
    }


def limit_to_organisation(session: Session, caller: Caller, name: str | None) -> str | None:
    """The id of the organisation that a question is limited to; None is all, for the council alone.

    Raises Refused ``not_found`` for a name that is no organisation, or for a provider that is not its own.
    """
    own = caller["organisation"]
    if name is None:
        return own
    found = find_named(name, organisations_store.organisations(session))
    if found is None or own not in (None, found):
        raise Refused("not_found", f"No organisation is called “{name}”: write the name as care has it.")
    return found
