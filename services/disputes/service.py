"""What disputes answers now: whether it is there. Disputes, enquiries and claims come with their own tables."""

from __future__ import annotations

from libs.common.rpc import Caller, rpc


class DisputesService:
    """Wiring only."""

    name = "disputes"

    @rpc
    def health(self, caller: Caller) -> dict[str, str]:
        """{"status": "ok"}"""
        return {"status": "ok"}
