"""Whom a question is about: a provider's own organisation always, the council's choice else."""

import uuid

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.ingest.reference.store import find_organisation

UNKNOWN = "No organisation is called “{name}”: write the name as care has it."


def organisation_asked(session: Session, caller: Caller, name: str | None) -> uuid.UUID | None:
    """The organisation that a question is limited to; None is all of them, for the council alone.

    Raises Refused ``not_found`` for a name that is no organisation, or for a provider that is not its own.
    """
    own = None if caller["organisation"] is None else uuid.UUID(caller["organisation"])
    if name is None:
        return own
    found = find_organisation(session, name)
    if found is None or own not in (None, found):
        raise Refused("not_found", UNKNOWN.format(name=name))
    return found


def name_of(session: Session, organisation_id: uuid.UUID) -> str | None:
    """The name of an organisation; None while no care has named it and it has sent nothing."""
    name: str | None = session.scalar(
        text("SELECT name FROM organisations WHERE organisation_id = :id"), {"id": organisation_id}
    )
    return name


def sender_name(session: Session, caller: Caller, name: str | None) -> str:
    """The name of the organisation for which a file is sent.

    A provider sends for its own; the name is needed only while nothing is known of it yet. The council names one.
    Raises Refused ``not_found`` and ``organisation_wanted``.
    """
    own = caller["organisation"]
    if own is None:
        if name is None:
            raise Refused(
                "organisation_wanted", "Say for which organisation the file is: ?organisation=NAME."
            )
        return name
    known = name_of(session, uuid.UUID(own))
    if known is not None:
        organisation_asked(session, caller, name or known)
        return known
    if name is not None and str(organisation_id_of(name)) == own and find_organisation(session, name) is None:
        return name
    raise Refused(
        "organisation_wanted",
        "The council has no care of your organisation yet: ask it to set that up first.",
    )
