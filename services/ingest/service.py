"""What ingest answers by RPC: wiring only."""

import datetime as dt
from typing import Any

from libs.common.clock import london_day, now
from libs.common.operations import OperationAnswers
from libs.common.payloads import OfOrganisation, Resync
from libs.common.rpc import Caller, Database, rpc
from services.ingest import (
    asking,
    carers,
    files,
    lists,
    reports,
    store_reference,
    store_search,
    visits,
    workflow,
)
from services.ingest.schemas import ChangesPage, ConfirmFile, ErrorsPage, FileId, ImportCarers, ReceiveFile
from services.ingest.schemas_reports import OverlappingVisits
from services.ingest.schemas_visits import (
    CarersAfter,
    DeleteVisit,
    ImportCheckedCarers,
    NewestFiles,
    OneVisit,
    PutVisit,
    SendCarers,
    SendFile,
    VisitChoices,
    VisitRefBegins,
    VisitRefs,
    VisitsPage,
    Weeks,
)


class IngestService(OperationAnswers):
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
            return files.document(files.known_file(session, **wanted))

    @rpc
    def visits_files(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The newest visits files."""
        wanted = NewestFiles().load(payload)
        with self.db.transaction(caller) as session:
            return files.newest_files(session, caller, **wanted)

    @rpc
    def waiting(self, caller: Caller) -> dict[str, int]:
        """What waits for the caller: files to confirm, and a provider's rejected rows to correct."""
        with self.db.transaction(caller) as session:
            return files.waiting(session, caller)

    @rpc
    def visits_file_summary(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A file's findings, counted, and its weeks."""
        wanted = FileId().load(payload)
        with self.db.transaction(caller) as session:
            return files.summary(session, **wanted)

    @rpc
    def visits_file_errors(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of a file's errors or warnings."""
        wanted = ErrorsPage().load(payload)
        with self.db.transaction(caller) as session:
            return files.errors_page(session, **wanted)

    @rpc
    def visits_file_changes(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of what a file changes, before and after."""
        wanted = ChangesPage().load(payload)
        with self.db.transaction(caller) as session:
            return files.changes_page(session, **wanted)

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
    def send_visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have a file checked that a provider sends for itself, or the council for one; its document."""
        wanted = SendFile().load(payload)
        with self.db.transaction(caller) as session:
            name = asking.sender_name(session, caller, wanted.pop("organisation"))
            return workflow.receive_file(session, who=caller["who"], organisation=name, **wanted)

    @rpc
    def send_carers_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Take a carers file that a provider sends for itself, or the council for one."""
        wanted = SendCarers().load(payload)
        with self.db.transaction(caller) as session:
            name = asking.sender_name(session, caller, wanted.pop("organisation"))
            return carers.import_carers(session, organisation=name, **wanted)

    @rpc
    def search(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The first visits whose VisitRef begins so."""
        wanted = VisitRefBegins().load(payload)
        with self.db.transaction(caller) as session:
            return store_search.visits(session, caller["organisation"], **wanted)

    @rpc
    def check_carers_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """What a carers file would do, and nothing done."""
        wanted = SendCarers().load(payload)
        with self.db.transaction(caller) as session:
            name = asking.sender_name(session, caller, wanted.pop("organisation"))
            return carers.check(session, organisation=name, **wanted)

    @rpc
    def import_checked_carers(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Take a carers file whose check was seen."""
        wanted = ImportCheckedCarers().load(payload)
        with self.db.transaction(caller) as session:
            name = asking.sender_name(session, caller, wanted.pop("organisation"))
            return carers.import_checked(session, organisation=name, **wanted)

    @rpc
    def carers(self, caller: Caller, **payload: Any) -> list[dict[str, str]]:
        """A page of a provider's carers."""
        wanted = CarersAfter().load(payload)
        with self.db.transaction(caller) as session:
            return carers.page(session, caller, **wanted)

    @rpc
    def visits(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of visits."""
        wanted = VisitsPage().load(payload)
        after = wanted.pop("after_organisation"), wanted.pop("after_ref")
        with self.db.transaction(caller) as session:
            return lists.list_visits(session, caller, after=after, **wanted)

    @rpc
    def newest_planned_day(self, caller: Caller, **payload: Any) -> dt.date | None:
        """The last day for which a visit is planned."""
        wanted = OfOrganisation().load(payload)
        with self.db.transaction(caller) as session:
            return lists.newest_planned_day(session, caller, **wanted, today=london_day(now()))

    @rpc
    def visit_choices(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """The services, service levels and visit types that a visit may name."""
        wanted = VisitChoices().load(payload)
        with self.db.transaction(caller) as session:
            return lists.choices(session, caller, **wanted)

    @rpc
    def weeks_with_visits(self, caller: Caller, **payload: Any) -> list[dt.date]:
        """Which of these weeks hold visits."""
        wanted = Weeks().load(payload)
        with self.db.transaction(caller) as session:
            return lists.weeks_with_visits(session, caller, **wanted)

    @rpc
    def overlapping_visits(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of pairs of visits that one carer delivered at the same time."""
        wanted = OverlappingVisits().load(payload)
        with self.db.transaction(caller) as session:
            return reports.overlapping_visits(session, caller, **wanted)

    @rpc
    def visits_of_refs(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The visits of these references."""
        wanted = VisitRefs().load(payload)
        with self.db.transaction(caller) as session:
            return visits.visits_of_refs(session, wanted["refs"])

    @rpc
    def visit(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """One visit with its versions."""
        wanted = OneVisit().load(payload)
        with self.db.transaction(caller) as session:
            return visits.one_visit(session, caller, **wanted)

    @rpc
    def put_visit(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Enter or correct one visit."""
        wanted = PutVisit().load(payload)
        with self.db.transaction(caller) as session:
            return visits.put_visit(session, caller, **wanted)

    @rpc
    def delete_visit(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Delete one visit, with a reason."""
        wanted = DeleteVisit().load(payload)
        with self.db.transaction(caller) as session:
            return visits.delete_visit(session, caller, **wanted)

    @rpc
    def resync(self, caller: Caller, **payload: Any) -> int:
        """Say the current state of all visits again; how many messages that is."""
        wanted = Resync().load(payload)
        with self.db.transaction(caller) as session:
            return workflow.resync_visits(session, wanted["cause_id"])
