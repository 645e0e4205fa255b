"""What matching answers by RPC to reports and reviews: wiring only."""

from typing import Any

from libs.common.payloads import OfOrganisation
from libs.common.rpc import Caller, Database, rpc
from services.matching import answers_reports, samples, store_reports, unmatched
from services.matching.schemas_answers import VisitRefs
from services.matching.schemas_reports import PackagesByClient, UnmatchedForReport, UnmatchedMoney
from services.matching.schemas_samples import SampleOfWeek


class ReportAnswers:
    """A part of MatchingService."""

    db: Database

    @rpc
    def packages_by_client(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of CPLIs of hours, by organisation, service level and client."""
        wanted = PackagesByClient().load(payload)
        with self.db.transaction(caller) as session:
            return answers_reports.packages_by_client(session, caller, **wanted)

    @rpc
    def report_choices(self, caller: Caller, **payload: Any) -> dict[str, list[str]]:
        """What reports may be limited to."""
        wanted = OfOrganisation().load(payload)
        with self.db.transaction(caller) as session:
            return answers_reports.report_choices(session, caller, **wanted)

    @rpc
    def unmatched_for_report(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of visits without a match, with the reason."""
        wanted = UnmatchedForReport().load(payload)
        with self.db.transaction(caller) as session:
            return answers_reports.unmatched_for_report(session, caller, **wanted)

    @rpc
    def unmatched_money(self, caller: Caller, **payload: Any) -> dict[str, dict[str, Any]]:
        """What visits without a match would come to, by organisation."""
        wanted = UnmatchedMoney().load(payload)
        with self.db.transaction(caller) as session:
            return unmatched.unmatched_money(session, **wanted)

    @rpc
    def matched_weeks(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """The CPLI and Monday of these visits, where they have a match."""
        wanted = VisitRefs().load(payload)
        with self.db.transaction(caller) as session:
            return store_reports.matched_weeks(session, wanted["refs"])

    @rpc
    def sample_of_week(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Some of a week's CPLIs, to be looked at."""
        wanted = SampleOfWeek().load(payload)
        with self.db.transaction(caller) as session:
            return samples.sample_of_week(session, caller, **wanted)
