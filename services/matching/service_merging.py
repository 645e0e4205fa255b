"""What matching answers by RPC about merging clients: wiring only."""

from typing import Any

from libs.common.rpc import Caller, Database, rpc
from services.matching.clients import merging
from services.matching.clients.schemas_merging import MergeClients, TwoClients


class MergingAnswers:
    """For the council."""

    db: Database

    @rpc
    def preview_client_merge(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """What merging two clients would do."""
        wanted = TwoClients().load(payload)
        with self.db.transaction(caller) as session:
            return merging.preview(session, caller, **wanted)

    @rpc
    def merge_clients(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Merge a client into another."""
        wanted = MergeClients().load(payload)
        with self.db.transaction(caller) as session:
            return merging.merge(session, caller, **wanted)
