"""Who asks payments, and about whom."""

from sqlalchemy.orm import Session

from libs.common.care.names import find_named
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.payments.packages import store as packages_store


def resolve_organisation(session: Session, caller: Caller, name: str | None) -> str | None:
    """The id of the organisation that a question is limited to; None is all, for the council alone.

    Raises Refused ``not_found`` for a name that is no organisation, or for a provider that is not its own.
    """
    own = caller["organisation"]
    if name is None:
        return own
    found = find_named(name, packages_store.names_of_organisations(session))
    if found is None or own not in (None, found):
        raise Refused("not_found", f"No organisation is called “{name}”: write the name as care has it.")
    return found


def resolve_contract(session: Session, contract: str | None) -> str | None:
    """The contract as it is written in care; raises Refused ``unknown_contract``."""
    if contract is None:
        return None
    known = {name.casefold(): name for name in packages_store.list_contracts(session)}
    if contract.casefold() not in known:
        names = ", ".join(sorted(known.values())) or "none yet"
        raise Refused("unknown_contract", f"There is no contract “{contract}”; the contracts are: {names}.")
    return known[contract.casefold()]
