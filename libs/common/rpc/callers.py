"""What whoever asks may have done. It needs nothing of nameko: workers load it too."""

from __future__ import annotations

from libs.common.errors import Refused
from libs.common.rpc import Caller


def require_council(caller: Caller) -> None:
    """Raises Refused ``not_allowed`` for a provider."""
    if caller["organisation"] is not None:
        raise Refused("not_allowed", "Only the council can do this.")
