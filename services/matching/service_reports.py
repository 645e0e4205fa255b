"""What matching answers by RPC to reports and reviews: wiring only."""

from typing import Any

from libs.common.rpc import Caller, Database, rpc
from libs.common.rpc.payloads import OfOrganisation
from services.matching.line_items.schemas import VisitRefs
from services.matching.matches import views as matches_views
from services.matching.reports import store as reports_store
from services.matching.reports import views as reports_views
from services.matching.reports.schemas import PackagesByClient, UnmatchedForReport, UnmatchedMoney
from services.matching.samples import steps as samples_steps
from services.matching.samples.schemas import SampleOfWeek


class ReportAnswers:
    """A part of MatchingService."""

    db: Database

    @rpc
    def packages_by_client(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of CPLIs of hours, by organisation, service level and client."""
        wanted = PackagesByClient().load(payload)
        with self.db.transaction(caller) as session:
            return reports_views.packages_by_client(session, caller, **wanted)

    @rpc
    def report_choices(self, caller: Caller, **payload: Any) -> dict[str, list[str]]:
        """What reports may be limited to."""
        wanted = OfOrganisation().load(payload)
        with self.db.transaction(caller) as session:
            return reports_views.report_choices(session, caller, **wanted)

    @rpc
    def unmatched_for_report(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of visits without a match, with the reason."""
        wanted = UnmatchedForReport().load(payload)
        with self.db.transaction(caller) as session:
            return reports_views.unmatched_for_report(session, caller, **wanted)

    @rpc
    def unmatched_money(self, caller: Caller, **payload: Any) -> dict[str, dict[str, Any]]:
        """What visits without a match would come to, by organisation."""
        wanted = UnmatchedMoney().load(payload)
        with self.db.transaction(caller) as session:
            return matches_views.unmatched_money(session, **wanted)

    @rpc
    def matched_weeks(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """The CPLI and Monday of these visits, where they have a match."""
        wanted = VisitRefs().load(payload)
        with self.db.transaction(caller) as session:
            return reports_store.matched_weeks(session, wanted["refs"])

    @rpc
    def sample_of_week(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Some of a week's CPLIs, to be looked at."""
        wanted = SampleOfWeek().load(payload)
        with self.db.transaction(caller) as session:
            return samples_steps.sample_of_week(session, caller, **wanted)
