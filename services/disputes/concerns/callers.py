"""Who may know of concerns (RULES 16): commissioning staff, and the system that runs on behalf of nobody."""

from libs.common.casework.concerns import COMMISSIONING
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council


def sees_concerns(caller: Caller) -> bool:
    """Whether there are concerns for whoever asks."""
    if caller["role"] == "council":
        return caller.get("staff") == COMMISSIONING
    return caller["role"] == "system"


def require_commissioning(caller: Caller) -> None:
    """Raises Refused ``not_found`` for a provider, ``not_allowed`` for all others who see no concern."""
    require_council(caller, "There is no such concern.")
    if not sees_concerns(caller):
        raise Refused("not_allowed", "Only commissioning staff see concerns.")
