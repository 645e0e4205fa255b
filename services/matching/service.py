"""What matching answers by RPC: wiring only."""

from typing import Any

from libs.common.payloads import Resync
from libs.common.progress import progress_of
from libs.common.rpc import Caller, Database, rpc
from services.matching import care, store, store_care
from services.matching.schemas import ImportCare, ImportId


class MatchingService:
    """Commissioned care and matches."""

    name = "matching"
    db = Database()

    @rpc
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    @rpc
    def reference_version(self, caller: Caller) -> int:
        """The newest version of the council's lists."""
        with self.db.transaction(caller) as session:
            return store_care.reference_version(session)

    @rpc
    def import_care(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have an uploaded care file imported; its document."""
        wanted = ImportCare().load(payload)
        with self.db.transaction(caller) as session:
            return care.receive_care(session, who=caller["who"], **wanted)

    @rpc
    def care_import(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A care import's document: state, counts, errors, reference version."""
        wanted = ImportId().load(payload)
        with self.db.transaction(caller) as session:
            return care.document(session, **wanted)

    @rpc
    def match_counts(self, caller: Caller) -> dict[str, Any]:
        """How many visits are matched, and how many are not, by reason."""
        with self.db.transaction(caller) as session:
            matched, unmatched = store.match_counts(session)
            return {"matched": matched, "unmatched": unmatched}

    @rpc
    def resync(self, caller: Caller, **payload: Any) -> None:
        """Say the current state of all care again."""
        wanted = Resync().load(payload)
        with self.db.transaction(caller) as session:
            care.resync_care(session, str(wanted["cause_id"]))

    @rpc
    def progress(self, caller: Caller, cause_id: str | None = None) -> dict[str, dict[str, int]]:
        """What this service emitted and received, by event."""
        with self.db.transaction(caller) as session:
            return progress_of(session, cause_id)._asdict()
