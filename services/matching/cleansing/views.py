"""What matching tells of references that fit nothing (RULES 16)."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.matching.monitoring.cleansing import UnknownClient
from services.matching.cleansing import store
from services.matching.cleansing.rules import identifiers_of, unknown_clients
from services.matching.organisations.views import limit_to_organisation


def list_unknown_clients(
    session: Session, caller: Caller, *, organisation: str | None, written: Sequence[Mapping[str, str]]
) -> list[UnknownClient]:
    """Those of these references that name no client who has or had care with the organisation, with the nearest.

    Raises Refused ``not_found`` and ``organisation_wanted``.
    """
    organisation_id = limit_to_organisation(session, caller, organisation)
    if organisation_id is None:
        raise Refused("organisation_wanted", "Say whose rows: choose a provider.")
    references = [(one["mark"], one["written"]) for one in written]
    identifiers = {identifier for one in references for identifier in identifiers_of(*one)}
    named = store.find_named(session, organisation_id, identifiers) if identifiers else {}
    clients = store.list_clients(session, organisation_id) if references else []
    return unknown_clients(references, named, clients, is_council=caller["organisation"] is None)
