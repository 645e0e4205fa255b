"""What ingest answers by RPC: wiring only."""

from typing import Any

from libs.common.payloads import Resync
from libs.common.progress import progress_of
from libs.common.rpc import Caller, Database, rpc
from services.ingest import carers, store_reference, workflow
from services.ingest.schemas import ConfirmFile, ErrorsPage, FileId, ImportCarers, ReceiveFile


class IngestService:
    """Files, visits and carers."""

    name = "ingest"
    db = Database()

    @rpc
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    @rpc
    def reference_version(self, caller: Caller) -> int:
        """The newest version of the council's lists that has arrived here."""
        with self.db.transaction(caller) as session:
            return store_reference.reference_version(session)

    @rpc
    def receive_visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have an uploaded file checked; its document."""
        wanted = ReceiveFile().load(payload)
        with self.db.transaction(caller) as session:
            return workflow.receive_file(session, who=caller["who"], **wanted)

    @rpc
    def visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A file's document: state, counts, forecast."""
        wanted = FileId().load(payload)
        with self.db.transaction(caller) as session:
            return workflow.document(workflow.known_file(session, **wanted))

    @rpc
    def visits_file_errors(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of a file's errors or warnings."""
        wanted = ErrorsPage().load(payload)
        with self.db.transaction(caller) as session:
            return workflow.errors_page(session, **wanted)

    @rpc
    def confirm_visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have a checked file applied; its document."""
        wanted = ConfirmFile().load(payload)
        with self.db.transaction(caller) as session:
            return workflow.confirm_file(session, who=caller["who"], **wanted)

    @rpc
    def cancel_visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Drop a checked file; its document."""
        wanted = FileId().load(payload)
        with self.db.transaction(caller) as session:
            return workflow.cancel_file(session, **wanted)

    @rpc
    def import_carers(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Take a carers file: how many were read, new and rejected, and why."""
        wanted = ImportCarers().load(payload)
        with self.db.transaction(caller) as session:
            return carers.import_carers(session, **wanted)

    @rpc
    def resync(self, caller: Caller, **payload: Any) -> int:
        """Say the current state of all visits again; how many messages that is."""
        wanted = Resync().load(payload)
        with self.db.transaction(caller) as session:
            return workflow.resync_visits(session, wanted["cause_id"])

    @rpc
    def progress(self, caller: Caller, cause_id: str | None = None) -> dict[str, dict[str, int]]:
        """What this service emitted and received, by event."""
        with self.db.transaction(caller) as session:
            return progress_of(session, cause_id)._asdict()
