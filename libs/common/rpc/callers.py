"""What whoever asks may have done, by the one table (RULES 14). It needs nothing of nameko: workers load it too."""

from __future__ import annotations

from libs.common.errors import Refused
from libs.common.rights import table
from libs.common.rpc import Caller

ONLY_COUNCIL = "Only the council can do this."


def require_council(caller: Caller, hidden: str | None = None) -> None:
    """Raises Refused ``not_allowed`` for a provider; ``not_found`` with this sentence where the thing is hidden."""
    if caller["organisation"] is not None or caller["role"] not in ("council", "system"):
        raise Refused("not_allowed", ONLY_COUNCIL) if hidden is None else Refused("not_found", hidden)


def roles_of(caller: Caller) -> tuple[str, ...]:
    """The roles of the table in which somebody asks; none for one of the council's who does not say in which."""
    if caller["role"] == "system":
        return (table.OPERATOR,)
    if caller["role"] == "provider" and caller["organisation"] is not None:
        return table.PROVIDER_ROLES
    if caller["role"] != "council" or caller["organisation"] is not None:
        return ()
    staff = caller.get("staff")
    if staff is not None:
        return (staff,) if staff in table.COUNCIL_ROLES else ()
    return table.COUNCIL_ROLES if "scopes" in caller else ()


def may(caller: Caller, *needed: str) -> bool:
    """Whether whoever asks has one of these rights: of a token, whether it is among its scopes."""
    scopes = caller.get("scopes")
    if scopes is not None:
        return any(right in scopes and right not in table.OF_PEOPLE for right in needed)
    return any(table.may(role, *needed) for role in roles_of(caller))


def may_ask(caller: Caller, *needed: str) -> bool:
    """Whether a service answers. A token writes by its scopes; it reads what its role does, since one operation of
    the API reads in several services: by its scopes the API has judged it already."""
    if may(caller, *needed):
        return True
    reads = [right for right in needed if right not in table.WRITES]
    return "scopes" in caller and any(table.may(role, *reads) for role in roles_of(caller))


def require(caller: Caller, *needed: str) -> None:
    """Raises Refused ``not_allowed`` where a service does not answer."""
    if not may_ask(caller, *needed):
        raise Refused("not_allowed", f"This needs the right to {' or to '.join(needed)}.")
