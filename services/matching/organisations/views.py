"""Organisations by name and by id, for whoever must not work one out from the other (RULES 2, *Who is who*)."""

from collections.abc import Collection
from typing import TypedDict

from sqlalchemy.orm import Session

from libs.common.care.names import find_named
from libs.common.care.organisation_ids import organisation_id_of
from services.matching.line_items import store as line_items_store


class OrganisationFound(TypedDict):
    """An organisation for an account or a file: its id, its present name, and whether care has named it yet."""

    organisation_id: str
    name: str
    is_known: bool


def find_organisation(session: Session, name: str) -> OrganisationFound:
    """Whoever is called so now, else whoever was; for a name that nobody ever had, the id that care will give it."""
    everybody = line_items_store.organisations(session)
    known = find_named(name, everybody)
    if known is None:
        return {"organisation_id": str(organisation_id_of(name)), "name": name, "is_known": False}
    present = next(present for one, present, _ in everybody if one == known)
    return {"organisation_id": known, "name": present, "is_known": True}


def names_by_id(session: Session, wanted: Collection[str] | None) -> dict[str, str]:
    """The present names of these organisations, or of all, as far as care has named them."""
    return {
        one: name
        for one, name, _ in line_items_store.organisations(session)
        if wanted is None or one in wanted
    }
