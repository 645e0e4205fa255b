"""What matching answers by RPC: wiring only."""

from typing import Any

from libs.common.care.clock import london_day, now
from libs.common.operations.answers import OperationAnswers
from libs.common.proposals import steps as proposals_steps
from libs.common.proposals.rpc import ProposalAnswers
from libs.common.rpc import Caller, Database, rpc
from libs.common.rpc.payloads import OfOrganisation, Resync
from services.matching.book import store as book_store
from services.matching.circumstances import steps as circumstances_steps
from services.matching.clients import client_list, search
from services.matching.clients import views as clients_views
from services.matching.clients.schemas import (
    ClientAsked,
    EndedCircumstance,
    Identifiers,
    NewCircumstance,
    Search,
    WithdrawnCircumstance,
)
from services.matching.documents import steps as documents_steps
from services.matching.imports import checks as imports_checks
from services.matching.imports import steps as imports_steps
from services.matching.imports.schemas import ConfirmImport, ImportCare, ImportErrors, ImportId, NewestImports
from services.matching.line_items import details
from services.matching.line_items import store as line_items_store
from services.matching.line_items import views as line_items_views
from services.matching.line_items.schemas import (
    ClientIdentifier,
    ClientList,
    CpliId,
    CplisAfter,
    LineItems,
    NewestUnmatched,
    OfReason,
    UnmatchedVisits,
    VisitRefs,
)
from services.matching.lists import steps as lists_steps
from services.matching.lists import store as lists_store
from services.matching.lists.schemas import ProposeVisitType, SaveServiceLevel
from services.matching.matches import store as matches_store
from services.matching.matches import views as matches_views
from services.matching.service_documents import DocumentAnswers
from services.matching.service_hospital import HospitalAnswers
from services.matching.service_merging import MergingAnswers
from services.matching.service_organisations import OrganisationAnswers
from services.matching.service_reports import ReportAnswers


class MatchingService(
    DocumentAnswers,
    HospitalAnswers,
    MergingAnswers,
    OrganisationAnswers,
    ReportAnswers,
    OperationAnswers,
    ProposalAnswers,
):
    """Commissioned care and matches."""

    name = "matching"
    db = Database()
    steps = lists_steps.STEPS

    @rpc
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    @rpc
    def reference_version(self, caller: Caller) -> int:
        """The newest version of the council's lists."""
        with self.db.transaction(caller) as session:
            return book_store.reference_version(session)

    @rpc
    def import_care(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have an uploaded care file imported; its document."""
        wanted = ImportCare().load(payload)
        with self.db.transaction(caller) as session:
            return imports_steps.receive_care(session, who=caller["who"], **wanted)

    @rpc
    def care_import(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A care import's document: state, counts, errors, reference version."""
        wanted = ImportId().load(payload)
        with self.db.transaction(caller) as session:
            return imports_steps.document(session, **wanted)

    @rpc
    def check_care(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have an uploaded care file checked; its check."""
        wanted = ImportCare().load(payload)
        with self.db.transaction(caller) as session:
            return imports_steps.receive_to_check(session, caller, **wanted)

    @rpc
    def care_check(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """What a care file would change, or has changed."""
        wanted = ImportId().load(payload)
        with self.db.transaction(caller) as session:
            return imports_checks.shown(session, caller, **wanted)

    @rpc
    def care_errors(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of a care file's errors."""
        wanted = ImportErrors().load(payload)
        with self.db.transaction(caller) as session:
            return imports_checks.errors_page(session, caller, **wanted)

    @rpc
    def care_imports(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The newest care files."""
        wanted = NewestImports().load(payload)
        with self.db.transaction(caller) as session:
            return imports_checks.newest(session, caller, **wanted)

    @rpc
    def confirm_care(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have a checked care file imported."""
        wanted = ConfirmImport().load(payload)
        with self.db.transaction(caller) as session:
            return imports_checks.confirm(session, caller, **wanted)

    @rpc
    def cancel_care(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Drop a checked care file."""
        wanted = ImportId().load(payload)
        with self.db.transaction(caller) as session:
            return imports_checks.cancel(session, caller, **wanted)

    @rpc
    def match_counts(self, caller: Caller) -> dict[str, Any]:
        """How many visits are matched, and how many are not, by reason."""
        with self.db.transaction(caller) as session:
            matched, unmatched = matches_store.match_counts(session)
            return {"matched": matched, "unmatched": unmatched}

    @rpc
    def waiting(self, caller: Caller) -> dict[str, int]:
        """What waits for the caller: visits without a match, care files, contract documents; up to a bound."""
        with self.db.transaction(caller) as session:
            unmatched_visits = line_items_store.count_unmatched(session, caller["organisation"])
            others = imports_checks.waiting(session, caller) | documents_steps.waiting(session, caller)
            others |= {"proposals_of_lists": proposals_steps.count_waiting(session, caller)}
            return {"unmatched_visits": unmatched_visits} | others

    @rpc
    def visit_matches(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """[organisation id, VisitRef, version, CpliId, reason] of these visits."""
        wanted = VisitRefs().load(payload)
        with self.db.transaction(caller) as session:
            return line_items_store.matches(session, wanted["refs"])

    @rpc
    def unmatched_visits(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """A page of visits that have no match, in the same form."""
        wanted = UnmatchedVisits().load(payload)
        after = wanted.pop("after_organisation"), wanted.pop("after_ref")
        with self.db.transaction(caller) as session:
            return matches_views.unmatched_visits(session, caller, after=after, **wanted)

    @rpc
    def newest_unmatched(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """A page of visits that have no match, the latest planned first."""
        wanted = NewestUnmatched().load(payload)
        with self.db.transaction(caller) as session:
            return matches_views.newest_unmatched(session, caller, **wanted)

    @rpc
    def unmatched_counts(self, caller: Caller, **payload: Any) -> dict[str, list[list[Any]]]:
        """How many visits have no match, by reason and by organisation."""
        wanted = OfReason().load(payload)
        with self.db.transaction(caller) as session:
            return matches_views.unmatched_counts(session, caller, **wanted)

    @rpc
    def client_list(self, caller: Caller, **payload: Any) -> list[list[dict[str, Any]]]:
        """The line items of each of these clients."""
        wanted = ClientList().load(payload)
        with self.db.transaction(caller) as session:
            return client_list.client_list(session, caller, **wanted)

    @rpc
    def client_identifiers(self, caller: Caller, **payload: Any) -> list[str]:
        """All identifiers of the client that is known by this one."""
        wanted = ClientIdentifier().load(payload)
        with self.db.transaction(caller) as session:
            return line_items_store.identifiers_of_client(session, wanted["identifier"])

    @rpc
    def client_names(self, caller: Caller, **payload: Any) -> dict[str, str]:
        """The names of the clients that are known by these identifiers."""
        wanted = Identifiers().load(payload)
        with self.db.transaction(caller) as session:
            return clients_views.names(session, **wanted)

    @rpc
    def client(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A client with its care and circumstances."""
        wanted = ClientAsked().load(payload)
        with self.db.transaction(caller) as session:
            return clients_views.one(session, caller, **wanted)

    @rpc
    def search(self, caller: Caller, **payload: Any) -> dict[str, list[dict[str, Any]]]:
        """Clients and line items by how they begin."""
        wanted = Search().load(payload)
        with self.db.transaction(caller) as session:
            return search.search(session, **wanted)

    @rpc
    def circumstances_today(self, caller: Caller) -> list[dict[str, Any]]:
        """What holds for clients today."""
        with self.db.transaction(caller) as session:
            return clients_views.circumstances_today(session, caller)

    @rpc
    def enter_circumstance(self, caller: Caller, **payload: Any) -> str:
        """Note what holds for a client; the circumstance's id."""
        wanted = NewCircumstance().load(payload)
        with self.db.transaction(caller) as session:
            return circumstances_steps.enter(session, caller, **wanted)

    @rpc
    def end_circumstance(self, caller: Caller, **payload: Any) -> None:
        """Say until when a circumstance holds."""
        wanted = EndedCircumstance().load(payload)
        with self.db.transaction(caller) as session:
            circumstances_steps.end(session, caller, **wanted)

    @rpc
    def withdraw_circumstance(self, caller: Caller, **payload: Any) -> None:
        """Take back a circumstance that never held."""
        wanted = WithdrawnCircumstance().load(payload)
        with self.db.transaction(caller) as session:
            circumstances_steps.withdraw(session, caller, **wanted)

    @rpc
    def line_items(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of care package line items."""
        wanted = LineItems().load(payload)
        with self.db.transaction(caller) as session:
            return line_items_views.line_items(session, caller, **wanted)

    @rpc
    def line_item(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """One care package line item with its weeks and, for the council, its history."""
        wanted = CpliId().load(payload)
        with self.db.transaction(caller) as session:
            return details.one(session, caller, **wanted)

    @rpc
    def care_choices(self, caller: Caller, **payload: Any) -> dict[str, list[str]]:
        """The services and service levels by which line items can be chosen."""
        wanted = OfOrganisation().load(payload)
        with self.db.transaction(caller) as session:
            return details.choices(session, caller, **wanted)

    @rpc
    def commissioned_care(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A page of the Commissioned Care Export."""
        wanted = CplisAfter().load(payload)
        with self.db.transaction(caller) as session:
            return line_items_views.commissioned_care(session, caller, **wanted)

    @rpc
    def service_levels(self, caller: Caller) -> list[dict[str, Any]]:
        """The council's list of service levels."""
        with self.db.transaction(caller) as session:
            return lists_store.levels_shown(session)

    @rpc
    def save_service_level(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Change or add a service level."""
        wanted = SaveServiceLevel().load(payload)
        with self.db.transaction(caller) as session:
            return lists_steps.save_service_level(session, who=caller["who"], **wanted)

    @rpc
    def visit_types(self, caller: Caller) -> list[dict[str, Any]]:
        """The table of visit types, as it is today, with its changes."""
        with self.db.transaction(caller) as session:
            return lists_store.visit_types(session, london_day(now()))

    @rpc
    def propose_visit_type(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Ask a second person to have a visit type paid and charged, or not, from a date on."""
        wanted = ProposeVisitType().load(payload)
        with self.db.transaction(caller) as session:
            return lists_steps.propose_visit_type(session, caller, **wanted)

    @rpc
    def resync(self, caller: Caller, **payload: Any) -> None:
        """Say the current state of all care again."""
        wanted = Resync().load(payload)
        with self.db.transaction(caller) as session:
            imports_steps.resync_care(session, str(wanted["cause_id"]))
