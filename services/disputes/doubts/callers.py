"""Who may know of doubts."""

from libs.common.errors import Refused
from libs.common.rpc import Caller


def refuse_providers(caller: Caller) -> None:
    """Doubts are the council's. Raises Refused ``not_found`` for a provider."""
    if caller["organisation"] is not None:
        raise Refused("not_found", "There is no such worklist.")
