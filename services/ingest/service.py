"""What ingest answers by RPC: wiring only."""

import datetime as dt
from typing import Any

from libs.common.care.clock import london_day, now
from libs.common.operations.answers import OperationAnswers
from libs.common.rpc import Caller, Database, rpc
from libs.common.rpc.payloads import OfOrganisation, Resync
from services.ingest import callers
from services.ingest.carers import steps as carers_steps
from services.ingest.files import steps as files_steps
from services.ingest.files import views as files_views
from services.ingest.files.schemas import (
    ChangesPage,
    ConfirmFile,
    ErrorsPage,
    FileId,
    ImportCarers,
    ReceiveFile,
)
from services.ingest.lists import search as lists_search
from services.ingest.lists import views as lists_views
from services.ingest.overlaps import views as overlaps_views
from services.ingest.overlaps.schemas import OverlappingVisits
from services.ingest.reference import store as reference_store
from services.ingest.visits import steps as visits_steps
from services.ingest.visits.schemas import (
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
            return reference_store.reference_version(session)

    @rpc
    def receive_visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have an uploaded file checked; its document."""
        wanted = ReceiveFile().load(payload)
        with self.db.transaction(caller) as session:
            return files_steps.receive_file(session, who=caller["who"], **wanted)

    @rpc
    def visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A file's document: state, counts, forecast."""
        wanted = FileId().load(payload)
        with self.db.transaction(caller) as session:
            return files_views.document(files_views.known_file(session, **wanted))

    @rpc
    def visits_files(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The newest visits files."""
        wanted = NewestFiles().load(payload)
        with self.db.transaction(caller) as session:
            return files_views.newest_files(session, caller, **wanted)

    @rpc
    def waiting(self, caller: Caller) -> dict[str, int]:
        """What waits for the caller: files to confirm, and a provider's rejected rows to correct."""
        with self.db.transaction(caller) as session:
            return files_views.waiting(session, caller)

    @rpc
    def visits_file_summary(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A file's findings, counted, and its weeks."""
        wanted = FileId().load(payload)
        with self.db.transaction(caller) as session:
            return files_views.summary(session, **wanted)

    @rpc
    def visits_file_errors(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of a file's errors or warnings."""
        wanted = ErrorsPage().load(payload)
        with self.db.transaction(caller) as session:
            return files_views.errors_page(session, **wanted)

    @rpc
    def visits_file_changes(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of what a file changes, before and after."""
        wanted = ChangesPage().load(payload)
        with self.db.transaction(caller) as session:
            return files_views.changes_page(session, **wanted)

    @rpc
    def confirm_visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have a checked file applied; its document."""
        wanted = ConfirmFile().load(payload)
        with self.db.transaction(caller) as session:
            return files_steps.confirm_file(session, who=caller["who"], **wanted)

    @rpc
    def cancel_visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Drop a checked file; its document."""
        wanted = FileId().load(payload)
        with self.db.transaction(caller) as session:
            return files_steps.cancel_file(session, **wanted)

    @rpc
    def import_carers(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Take a carers file: how many were read, new and rejected, and why."""
        wanted = ImportCarers().load(payload)
        with self.db.transaction(caller) as session:
            return carers_steps.import_carers(session, **wanted)

    @rpc
    def send_visits_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have a file checked that a provider sends for itself, or the council for one; its document."""
        wanted = SendFile().load(payload)
        with self.db.transaction(caller) as session:
            name = callers.sender_name(session, caller, wanted.pop("organisation"))
            return files_steps.receive_file(session, who=caller["who"], organisation=name, **wanted)

    @rpc
    def send_carers_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Take a carers file that a provider sends for itself, or the council for one."""
        wanted = SendCarers().load(payload)
        with self.db.transaction(caller) as session:
            name = callers.sender_name(session, caller, wanted.pop("organisation"))
            return carers_steps.import_carers(session, organisation=name, **wanted)

    @rpc
    def search(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The first visits whose VisitRef begins so."""
        wanted = VisitRefBegins().load(payload)
        with self.db.transaction(caller) as session:
            return lists_search.visits(session, caller["organisation"], **wanted)

    @rpc
    def check_carers_file(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """What a carers file would do, and nothing done."""
        wanted = SendCarers().load(payload)
        with self.db.transaction(caller) as session:
            name = callers.sender_name(session, caller, wanted.pop("organisation"))
            return carers_steps.check(session, organisation=name, **wanted)

    @rpc
    def import_checked_carers(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Take a carers file whose check was seen."""
        wanted = ImportCheckedCarers().load(payload)
        with self.db.transaction(caller) as session:
            name = callers.sender_name(session, caller, wanted.pop("organisation"))
            return carers_steps.import_checked(session, organisation=name, **wanted)

    @rpc
    def carers(self, caller: Caller, **payload: Any) -> list[dict[str, str]]:
        """A page of a provider's carers."""
        wanted = CarersAfter().load(payload)
        with self.db.transaction(caller) as session:
            return carers_steps.page(session, caller, **wanted)

    @rpc
    def visits(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of visits."""
        wanted = VisitsPage().load(payload)
        after = wanted.pop("after_organisation"), wanted.pop("after_ref")
        with self.db.transaction(caller) as session:
            return lists_views.list_visits(session, caller, after=after, **wanted)

    @rpc
    def newest_planned_day(self, caller: Caller, **payload: Any) -> dt.date | None:
        """The last day for which a visit is planned."""
        wanted = OfOrganisation().load(payload)
        with self.db.transaction(caller) as session:
            return lists_views.newest_planned_day(session, caller, **wanted, today=london_day(now()))

    @rpc
    def visit_choices(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """The services, service levels and visit types that a visit may name."""
        wanted = VisitChoices().load(payload)
        with self.db.transaction(caller) as session:
            return lists_views.choices(session, caller, **wanted)

    @rpc
    def weeks_with_visits(self, caller: Caller, **payload: Any) -> list[dt.date]:
        """Which of these weeks hold visits."""
        wanted = Weeks().load(payload)
        with self.db.transaction(caller) as session:
            return lists_views.weeks_with_visits(session, caller, **wanted)

    @rpc
    def overlapping_visits(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of pairs of visits that one carer delivered at the same time."""
        wanted = OverlappingVisits().load(payload)
        with self.db.transaction(caller) as session:
            return overlaps_views.overlapping_visits(session, caller, **wanted)

    @rpc
    def visits_of_refs(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The visits of these references."""
        wanted = VisitRefs().load(payload)
        with self.db.transaction(caller) as session:
            return visits_steps.visits_of_refs(session, wanted["refs"])

    @rpc
    def visit(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """One visit with its versions."""
        wanted = OneVisit().load(payload)
        with self.db.transaction(caller) as session:
            return visits_steps.one_visit(session, caller, **wanted)

    @rpc
    def put_visit(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Enter or correct one visit."""
        wanted = PutVisit().load(payload)
        with self.db.transaction(caller) as session:
            return visits_steps.put_visit(session, caller, **wanted)

    @rpc
    def delete_visit(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Delete one visit, with a reason."""
        wanted = DeleteVisit().load(payload)
        with self.db.transaction(caller) as session:
            return visits_steps.delete_visit(session, caller, **wanted)

    @rpc
    def resync(self, caller: Caller, **payload: Any) -> int:
        """Say the current state of all visits again; how many messages that is."""
        wanted = Resync().load(payload)
        with self.db.transaction(caller) as session:
            return files_steps.resync_visits(session, wanted["cause_id"])
